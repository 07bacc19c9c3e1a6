package merkle

import (
	"encoding/hex"
	"slices"
	"testing"
)

// entries are those of the test vectors of Certificate Transparency.
var entries = []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}

// roots are those of the first 1 to 8 of them.
var roots = []string{
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}

func leaves(t *testing.T) []Hash {
	t.Helper()
	var all []Hash
	for _, e := range entries {
		b, err := hex.DecodeString(e)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, Leaf(b))
	}
	return all
}

func TestTreesAreThoseOfTheRFC(t *testing.T) {
	if got := Root(nil).String(); got != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Errorf("root of nothing is %s", got)
	}
	all := leaves(t)
	for i, want := range roots {
		if got := Root(all[:i+1]).String(); got != want {
			t.Errorf("root of %d entries is %s, want %s", i+1, got, want)
		}
	}
}

// A path leads from its own leaf, at its own place, in a tree of its own size,
// and from nothing else.
func TestAPathShowsOneEntryAndNoOther(t *testing.T) {
	for size := 1; size <= len(entries); size++ {
		all := leaves(t)[:size]
		root := Root(all)
		for i := range all {
			path := Path(all, i)
			if got, ok := Climb(all[i], i, size, path); !ok || got != root {
				t.Errorf("entry %d of %d: its path leads elsewhere", i, size)
			}
			for j := range all {
				if got, ok := Climb(all[j], i, size, path); j != i && ok && got == root {
					t.Errorf("entry %d of %d passes for entry %d", j, size, i)
				}
			}
			if got, ok := Climb(all[i], i+1, size, path); ok && got == root {
				t.Errorf("entry %d of %d may stand elsewhere", i, size)
			}
			for n := range path {
				bad := slices.Clone(path)
				bad[n][3] ^= 1
				if got, _ := Climb(all[i], i, size, bad); got == root {
					t.Errorf("entry %d of %d: a flipped bit in its path is not seen", i, size)
				}
			}
			if _, ok := Climb(all[i], i, size, append(path, Hash{})); ok {
				t.Errorf("entry %d of %d: its path may be longer", i, size)
			}
		}
	}
}

func TestWhatIsNoPlaceHasNoPath(t *testing.T) {
	all := leaves(t)
	for _, i := range []int{-1, len(all)} {
		if Path(all, i) != nil {
			t.Errorf("a path for index %d", i)
		}
		if _, ok := Climb(all[0], i, len(all), nil); ok {
			t.Errorf("index %d is in the tree", i)
		}
	}
	for _, text := range []string{"", "00", "zz", roots[0] + "00"} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%q is a hash", text)
		}
	}
	if h, err := Parse(roots[3]); err != nil || h.String() != roots[3] {
		t.Errorf("%s comes back as %s: %v", roots[3], h, err)
	}
}
