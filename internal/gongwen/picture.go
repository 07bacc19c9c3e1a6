package gongwen

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
)

// A picture is one that can be shown: its kind known, its size in millimetres.
type picture struct {
	data          []byte
	kind          string // png or jpeg
	alt           string
	width, height float64
}

// errNoPicture marks bytes that are neither PNG nor JPEG.
var errNoPicture = errors.New("neither PNG nor JPEG")

// measure reads the kind and size of p, which is to stand on a page. Its pixels are not decoded.
func measure(p Picture, on paper) (*picture, error) {
	var (
		config image.Config
		err    error
		kind   string
	)
	switch {
	case bytes.HasPrefix(p.Data, []byte("\x89PNG\r\n\x1a\n")):
		kind = "png"
		config, err = png.DecodeConfig(bytes.NewReader(p.Data))
	case bytes.HasPrefix(p.Data, []byte("\xff\xd8")):
		kind = "jpeg"
		config, err = jpeg.DecodeConfig(bytes.NewReader(p.Data))
	default:
		err = errNoPicture
	}
	if err != nil {
		return nil, err
	}
	if config.Width < 1 || config.Height < 1 {
		return nil, fmt.Errorf("%d by %d pixels", config.Width, config.Height)
	}
	const perPixel = 25.4 / 96
	width := p.Width
	if width <= 0 {
		width = float64(config.Width) * perPixel
	}
	ratio := float64(config.Height) / float64(config.Width)
	// A line of text is left for the caption below a picture of a whole page.
	most := on.areaHeight() - 2*lineHeight/pointsPerMM
	width = min(width, on.areaWidth(), most/ratio)
	return &picture{p.Data, kind, line(p.Alt), width, width * ratio}, nil
}
