package proof

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"xuncha/internal/merkle"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// A Check says what a pack is checked against, besides itself.
type Check struct {
	// Nights are further nights, as of an export, that lead from those of the pack
	// to a later one.
	Nights []store.Night

	// Seal is the seal of a night that somebody wrote down, "" for none. The pack's
	// nights must lead to it.
	Seal string
}

// A Verdict is what came of a check. The pack holds if Faults is empty.
type Verdict struct {
	Manifest Manifest

	// Faults name what is wrong, in Chinese and English.
	Faults []Remark

	// Limits name what could not be checked.
	Limits []Remark

	// Nights are the pack's, as far as they could be read, with those given.
	Nights []store.Night
}

// A Remark is one line for people.
type Remark struct{ ZH, EN string }

// Verify checks a pack by itself: every digest, the place of every record in its
// night, the chain of nights, and whether judging it again gives what it says.
func Verify(p Pack, c Check) Verdict {
	v := &verifier{pack: p, check: c}
	v.sums()
	v.read()
	if len(v.out.Faults) == 0 || v.whole {
		v.looks()
		v.nights()
		v.rules()
		v.derived()
	}
	v.out.Manifest = v.k.manifest
	return v.out
}

// A verifier is one run of Verify.
type verifier struct {
	pack  Pack
	check Check
	k     kept
	named map[string]bool // files that the list of digests names
	whole bool            // the pack could be read
	out   Verdict
}

func (v *verifier) fault(zh, en string, args ...any) {
	v.out.Faults = append(v.out.Faults, Remark{fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)})
}

func (v *verifier) limit(zh, en string, args ...any) {
	v.out.Limits = append(v.out.Limits, Remark{fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)})
}

// sums checks the list of digests both ways: what it names is there as named,
// and what is there is named.
func (v *verifier) sums() {
	list, err := v.pack.File(sumsFile)
	if err != nil {
		v.fault("缺少文件 %s", "file %s is missing", sumsFile)
		return
	}
	v.named = map[string]bool{sumsFile: true}
	for line := range strings.Lines(string(list)) {
		digest, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok {
			v.fault("%s 中有一行无法识别", "%s has a line that cannot be read", sumsFile)
			continue
		}
		v.named[name] = true
		switch data, err := v.pack.File(name); {
		case err != nil:
			v.fault("缺少文件 %s", "file %s is missing", tidy(name))
		case digestOf(data) != digest:
			v.fault("文件 %s 已被改动：校验值与 %s 不符", "file %s was changed: it does not have the digest in %s", tidy(name), sumsFile)
		}
	}
	for _, f := range v.pack.Files {
		if !v.named[f.Name] {
			v.fault("多出文件 %s", "file %s is not part of the pack", tidy(f.Name))
		}
	}
}

// read takes the pack apart.
func (v *verifier) read() {
	decode := func(name string, to any) bool {
		data, err := v.pack.File(name)
		if err == nil {
			err = json.Unmarshal(data, to)
		}
		if err != nil {
			v.fault("无法读取 %s：%v", "%s cannot be read: %v", name, err)
		}
		return err == nil
	}
	k := &v.k
	v.whole = decode(manifestFile, &k.manifest)
	v.whole = decode(basisFile, &k.basis) && v.whole
	if v.whole && k.manifest.Version > manifestVersion {
		v.whole = false
		v.fault("证据包版本 %d，本程序只识别到 %d", "the pack has version %d, this program reads up to %d", k.manifest.Version, manifestVersion)
	}
	k.bodies = map[string][]byte{}
	for _, f := range v.pack.Files {
		if name, ok := strings.CutPrefix(f.Name, bytesDir); ok {
			digest, _, _ := strings.Cut(name, ".")
			k.bodies[digest] = f.Data
		}
		if name, ok := strings.CutPrefix(f.Name, configDir); ok && f.Name != listFile {
			k.rules = append(k.rules, inventory.File{Name: name, Data: f.Data})
		}
	}
	k.list, _ = v.pack.File(listFile)
	if k.history, _ = v.pack.File(caseFile); k.history != nil && !json.Valid(k.history) {
		v.fault("%s 不是有效的 JSON", "%s is no JSON", caseFile)
	}
	data, _ := v.pack.File(nightsFile)
	nights, err := ReadNights(data)
	if err != nil {
		v.fault("%s：%v", "%s: %v", nightsFile, err)
	}
	k.nights = nights
}

// looks checks every look: its record, its reading, its pages, its place.
func (v *verifier) looks() {
	for _, kept := range v.k.manifest.Looks {
		record, err := v.pack.File(kept.dir() + "record.json")
		if err != nil {
			v.fault("缺少快照 %s 的记录", "the record of snapshot %s is missing", tidy(kept.Digest))
			continue
		}
		if digestOf(record) != kept.Digest {
			v.fault("快照 %s 的记录已被改动", "the record of snapshot %s was changed", tidy(kept.Digest))
		}
		reading, _ := v.pack.File(kept.dir() + "reading.json")
		l, err := newLook(kept, record, reading)
		if err != nil {
			v.fault("快照 %s：%v", "snapshot %s: %v", tidy(kept.Digest), err)
			continue
		}
		if l.snap.Subject != kept.Subject || l.snap.Round != kept.Round {
			v.fault("快照 %s 属于另一个对象或批次", "snapshot %s is of another subject or round", kept.Digest)
		}
		if want := l.snap.ReadingSHA256; want != "" && digestOf(reading) != want {
			v.fault("快照 %s 的读数不是当时的读数", "the reading of snapshot %s is not the one that was kept", kept.Digest)
		}
		v.pages(l)
		v.place(l)
		v.k.looks = append(v.k.looks, l)
	}
}

// pages checks that the bytes of every page are there.
func (v *verifier) pages(l look) {
	for _, p := range l.snap.Pages {
		if p.SHA256 == "" {
			continue
		}
		switch body, ok := v.k.bodies[p.SHA256]; {
		case !ok:
			v.fault("缺少网页 %s 的字节", "the bytes of page %s are missing", tidy(p.URL))
		case digestOf(body) != p.SHA256:
			v.fault("网页 %s 的字节已被改动", "the bytes of page %s were changed", tidy(p.URL))
		}
	}
}

// place checks that a record stands in its night.
func (v *verifier) place(l look) {
	i := slices.IndexFunc(v.k.nights, func(n store.Night) bool { return n.Round == l.Round })
	if l.Place == nil || i < 0 {
		if l.Place != nil {
			v.fault("缺少第 %s 批当夜的封存记录", "the night of round %s is missing", tidy(l.Round))
			return
		}
		remark := v.limit
		if i >= 0 {
			remark = v.fault
		}
		remark("快照 %s 没有封存：只能核对文件本身", "snapshot %s is not sealed: only the files themselves can be checked", l.Digest)
		return
	}
	n := v.k.nights[i]
	digest, err := hex.DecodeString(l.Digest)
	path := make([]merkle.Hash, 0, len(l.Place.Path))
	for _, text := range l.Place.Path {
		h, err2 := merkle.Parse(text)
		if err2 != nil {
			err = err2
		}
		path = append(path, h)
	}
	root, ok := merkle.Climb(merkle.Leaf(digest), l.Place.Index, l.Place.Size, path)
	if err != nil || !ok || l.Place.Size != n.Snapshots || root.String() != n.Root {
		v.fault("快照 %s 不在第 %s 批封存的快照之中", "snapshot %s is not among those sealed in round %s", l.Digest, n.Round)
	}
}

// nights checks that each night follows the one before, and leads to the seal
// that is known from elsewhere.
func (v *verifier) nights() {
	all := slices.Clone(v.k.nights)
	for _, n := range v.check.Nights {
		if len(all) == 0 || n.Number > all[len(all)-1].Number {
			all = append(all, n)
			continue
		}
		if i := slices.IndexFunc(all, func(own store.Night) bool { return own.Number == n.Number }); i >= 0 && all[i].Seal != n.Seal {
			v.fault("第 %d 夜与另行提供的封存记录不同", "night %d is not the one in the file of nights", n.Number)
		}
	}
	v.out.Nights = all
	for i := 1; i < len(all); i++ {
		if chinese, english := all[i].Follows(all[i-1]); english != "" {
			v.out.Faults = append(v.out.Faults, Remark{"封存链断开：" + tidy(chinese), "the chain of nights is broken: " + tidy(english)})
		}
	}
	switch has := slices.ContainsFunc(all, func(n store.Night) bool { return n.Seal == v.check.Seal }); {
	case v.check.Seal == "":
		if len(all) > 0 {
			v.limit("没有给出事先记下的封存值：核对了前后一致，未核对何时封存", "no seal written down earlier was given: that all agrees is checked, and not since when")
		}
	case !has:
		v.fault("封存值 %s 不在封存链中", "the seal %s is not in the chain of nights", tidy(v.check.Seal))
	}
}

// rules checks the rule set against the configuration that was sealed.
func (v *verifier) rules() {
	i := slices.IndexFunc(v.k.nights, func(n store.Night) bool { return n.Round == v.k.manifest.Round })
	switch {
	case i < 0:
		v.limit("判定所依批次 %s 没有封存：检查指标文件只能核对自身", "round %s, by whose configuration it was judged, is not sealed", tidy(v.k.manifest.Round))
	case v.k.nights[i].Files != digestOf(v.k.list):
		v.fault("%s 不是第 %s 批封存的配置清单", "%s is not the configuration that was sealed in round %s", listFile, v.k.manifest.Round)
	}
	for _, f := range v.k.rules {
		if !v.k.ofList(f) {
			v.fault("检查指标文件 %s 不是当时的文件", "the rule set %s is not the one in force", tidy(f.Name))
		}
	}
}

// strangers names the files that no pack of this finding holds, and those that are
// there and cannot be derived.
func (v *verifier) strangers(d derived) {
	own := map[string]bool{sumsFile: true, pdfFile: true}
	for _, f := range append(v.k.files(), d.files...) {
		own[f.Name] = true
	}
	for _, f := range v.pack.Files {
		if !own[f.Name] && v.named[f.Name] {
			v.fault("多出文件 %s：不属于该问题的证据", "file %s is no part of this evidence", tidy(f.Name))
		}
		if f.Name == pdfFile {
			v.limit("%s 由 %s 打印，不能重新生成核对：以 %s 为准", "%s was printed from %s and cannot be made again: %s counts", pdfFile, sheetFile, sheetFile)
		}
	}
	if v.k.history != nil {
		v.limit("%s（办理记录）没有封存：只核对了前后是否衔接", "%s, what people did, is not sealed: only that it follows on is checked", caseFile)
	}
	v.limit("%s（对象的名称、单位、登记数据）摘自配置，没有单独封存：只核对了判定与其相符", "%s, names, units and registers, is taken from the configuration and not sealed by itself: that the verdict follows from it is checked", basisFile)
}

// derived judges once more and compares what comes of it with what the pack
// says.
func (v *verifier) derived() {
	defer func() { // a pack may hold anything
		if e := recover(); e != nil {
			v.fault("无法据此重新判定：%v", "it cannot be judged once more: %v", e)
		}
	}()
	d, err := v.k.derive()
	if err != nil {
		v.fault("无法据此重新判定：%v", "it cannot be judged once more: %v", err)
		return
	}
	if v.k.manifest.Finding != "" && d.finding == nil {
		v.fault("重新判定没有得出所列问题：结论已被改动", "judged once more, there is no such finding: the verdict was changed")
	}
	if d.finding != nil && (d.finding.Indicator != v.k.manifest.Indicator || rules.FindingID(d.finding.Subject, d.finding.Indicator) != v.k.manifest.Finding) {
		v.fault("%s 中的问题编号与对象、指标不符", "%s names another finding than it shows", manifestFile)
	}
	if v.k.manifest.Form != formVersion {
		v.limit("证据包由另一版本的程序制作：只核对了问题本身，其余文字未逐字核对", "the pack was made by another version of the program: only the finding is compared, and no other text")
	}
	v.strangers(d)
	for _, f := range d.files {
		got, err := v.pack.File(f.Name)
		switch {
		case err != nil:
			v.fault("缺少文件 %s", "file %s is missing", f.Name)
		case bytes.Equal(got, f.Data):
		case f.Name == findingFile && sameFinding(got, *d.finding):
		case f.Name != findingFile && v.k.manifest.Form != formVersion:
		case f.Name == proofFile || f.Name == findingFile:
			v.fault("%s 与重新判定的结果不同：结论已被改动", "%s differs from what judging once more gives: the verdict was changed", f.Name)
		default:
			v.fault("%s 与证据不符：内容已被改动", "%s differs from what the evidence gives: it was changed", f.Name)
		}
	}
}

// sameFinding reports whether a file holds a finding as it was derived.
func sameFinding(data []byte, want rules.Finding) bool {
	var got rules.Finding
	return json.Unmarshal(data, &got) == nil && equalJSON(got, want)
}
