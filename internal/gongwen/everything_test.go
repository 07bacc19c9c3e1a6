package gongwen

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// everything is a document with all that this package knows of.
func everything() Document {
	d := issued()
	d.Head.SignedBy = []string{"甲某某"}
	wide := Table{
		Columns: []Column{{Title: "序号"}, {Title: "单位"}, {Title: "网站", Align: AlignLeft}, {Title: "账号", Align: AlignRight}},
		Head: [][]Cell{
			{{Text: "序号", RowSpan: 2}, {Text: "单位", RowSpan: 2}, {Text: "不合格", ColSpan: 2}},
			{{Text: "网站"}, {Text: "账号"}},
		},
		Rows: [][]Cell{
			{{Text: "1", RowSpan: 2}, {Text: "市公安局", RowSpan: 2, Bold: true}, {Text: "0\n（无）"}, {Text: "4"}},
			{{Text: "合并的两列", ColSpan: 2, Align: AlignCenter}},
			{{Text: "2"}, {Text: "整块", ColSpan: 3, RowSpan: 2}},
			{{Text: "3"}},
		},
	}
	d.Body = append(d.Body,
		Heading{Level: 3, Text: "第三层标题"}, Heading{Level: 4, Text: "第四层标题"},
		Paragraph{Spans: []Span{{Text: "一是", Bold: true}, {Text: "楷体", Face: Kaiti}, {Text: "，其余。\n换行之后。"}}},
		Paragraph{Spans: []Span{{Text: "居中"}}, Align: AlignCenter}, Paragraph{Spans: []Span{{Text: "顶格"}}, Flush: true},
		Caption{Text: "表1　两行表头"}, wide, wide,
		Picture{Data: picturePNG(300, 200), Alt: "抓取的页面"}, Caption{Text: "图1　首页"},
		Picture{Data: pictureJPEG(10, 4000), Alt: "长图", Width: 100},
	)
	return d
}

func picturePNG(w, h int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, drawing(w, h)); err != nil {
		panic(err) // of the test's own making
	}
	return b.Bytes()
}

func pictureJPEG(w, h int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, drawing(w, h), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func drawing(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			m.Set(x, y, color.RGBA{uint8(x), uint8(y), 160, 255})
		}
	}
	return m
}

func TestPicturesFitThePage(t *testing.T) {
	tests := []struct {
		name          string
		picture       Picture
		width, height float64 // mm
	}{
		{"its own size", Picture{Data: picturePNG(96, 48)}, 25.4, 12.7},
		{"as wide as asked", Picture{Data: picturePNG(96, 48), Width: 100}, 100, 50},
		{"no wider than the text", Picture{Data: picturePNG(4000, 1000)}, 156, 39},
		{"no higher than a page", Picture{Data: pictureJPEG(10, 4000), Width: 100}, 0.513, 205.244},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := measure(tt.picture, paperOf(false))
			if err != nil {
				t.Fatal(err)
			}
			if decimal(p.width) != decimal(tt.width) || decimal(p.height) != decimal(tt.height) {
				t.Errorf("got %s by %s mm, want %s by %s", decimal(p.width), decimal(p.height), decimal(tt.width), decimal(tt.height))
			}
		})
	}
}
