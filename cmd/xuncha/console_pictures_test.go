//go:build !race

package main

import (
	"bytes"
	"cmp"
	"flag"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// pictures has the README's pictures written: make pictures.
var pictures = flag.Bool("pictures", false, "write the pictures that the README shows, of ninety nights")

// picturesDir is where they stand, mostPicture how large each may be.
const (
	picturesDir = "../../docs/pictures"
	mostPicture = 150 << 10
)

// nightsShown are how many nights the tests play: with pictures all of them.
func nightsShown() int {
	if *pictures {
		return demoNights
	}
	return 8
}

// picturesAreTaken takes the pictures of the README.
func (w *town) picturesAreTaken(t *testing.T, finding string) {
	b := w.as(t, allRound)
	desk, phone := look{"wide", 1280, 880, "zh", false, false}, look{"phone", 390, 844, "zh", false, false}
	for _, p := range []struct {
		name, path string
		look       look
	}{
		{"console-overview", "/", desk},
		{"console-column", "/columns/" + czj, desk},
		{"console-finding", finding, desk},
		{"console-phone", "/", phone},
	} {
		b.seen(p.look)
		b.open(p.path)
		b.drawn()
		b.isShown(p.name)
	}
	b.seen(desk)
	b.open("/tuner/" + redesigned)
	b.until(`document.getElementById('said').textContent.includes('未能监测')`)
	for _, css := range clicked {
		b.point(css, 2)
		b.until(readsAll)
	}
	value[bool](b, `(scrollTo(0, 0), true)`)
	b.isShown("console-tuner")
}

// isShown writes what the window shows, in few colours, which is a third of the size.
func (b *tab) isShown(name string) {
	b.t.Helper()
	data, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	must(b.t, err)
	full, err := png.Decode(bytes.NewReader(data))
	must(b.t, err)
	var out bytes.Buffer
	must(b.t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, inFewColours(full)))
	if out.Len() > mostPicture {
		b.t.Errorf("%s has %d KB, want at most %d", name, out.Len()>>10, mostPicture>>10)
	}
	must(b.t, os.WriteFile(filepath.Join(picturesDir, name+".png"), out.Bytes(), 0o644))
}

// inFewColours paints a picture in its 256 commonest colours, the others in what is
// nearest to them.
func inFewColours(full image.Image) *image.Paletted {
	r := full.Bounds()
	count := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(full.At(x, y)).(color.RGBA) }
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	byCount := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var palette color.Palette
	for _, c := range byCount[:min(len(byCount), 256)] {
		palette = append(palette, c)
	}
	few := image.NewPaletted(r, palette)
	nearest := map[color.RGBA]uint8{}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c := at(x, y)
			n, known := nearest[c]
			if !known {
				n = uint8(palette.Index(c))
				nearest[c] = n
			}
			few.SetColorIndex(x, y, n)
		}
	}
	return few
}
