package crawler

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"

	"xuncha/extract"
	"xuncha/internal/egress"
)

// Why a request was given up by us.
var (
	errPageTimeout = errors.New("the page was not complete in time")
	errTooSlow     = errors.New("fewer bytes than the least rate")
)

// classify returns the class of an error of a request, with the line for
// people. The order matters: a cause of ours first, then from the name to the
// bytes.
func classify(err error) failure {
	for _, of := range []func(error) extract.Class{ourClass, nameClass, tlsClass, connectionClass, framingClass} {
		if class := of(err); class != "" {
			return failure{class, clip(err.Error())}
		}
	}
	return failure{extract.ClassMalformed, clip(err.Error())}
}

func ourClass(err error) extract.Class {
	switch {
	case errors.Is(err, errDeadline):
		return extract.ClassDeadline
	case errors.Is(err, errTooSlow):
		return extract.ClassTooSlow
	case errors.Is(err, errPageTimeout):
		return extract.ClassTimeout
	case errors.Is(err, egress.ErrDenied):
		return extract.ClassEgress
	case isErrno(err, syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.EADDRNOTAVAIL, syscall.ENETDOWN):
		return extract.ClassOurs
	}
	return ""
}

func nameClass(err error) extract.Class {
	var dns *net.DNSError
	switch {
	case !errors.As(err, &dns):
		return ""
	case dns.IsTimeout:
		return extract.ClassDNSTimeout
	case dns.IsNotFound:
		return extract.ClassDNSNotFound
	}
	return extract.ClassDNSTemporary
}

func tlsClass(err error) extract.Class {
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return extract.ClassTLSExpired
	case errors.As(err, &name):
		return extract.ClassTLSName
	case errors.As(err, &unknown):
		return extract.ClassTLSUnknown
	case errors.As(err, &invalid), errors.As(err, &verify), errors.As(err, &record), errors.As(err, &alert):
		return extract.ClassTLS
	case says(err, "tls: ", "http: server gave HTTP response to HTTPS client"):
		return extract.ClassTLS
	}
	return ""
}

func connectionClass(err error) extract.Class {
	var timeout net.Error
	switch {
	case isErrno(err, syscall.ECONNREFUSED):
		return extract.ClassRefused
	case isErrno(err, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED):
		return extract.ClassReset
	case isErrno(err, syscall.ENETUNREACH, syscall.EHOSTUNREACH):
		return extract.ClassUnreachable
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return extract.ClassTimeout
	}
	return ""
}

func framingClass(err error) extract.Class {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return extract.ClassBadEncoding
	case says(err, "response headers exceeded", "header list larger than"):
		return extract.ClassHeaderTooLarge
	case errors.Is(err, io.ErrUnexpectedEOF):
		return extract.ClassCutBody
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrClosedPipe), errors.Is(err, net.ErrClosed), says(err, "server closed idle connection"):
		return extract.ClassReset
	}
	return ""
}

func isErrno(err error, list ...syscall.Errno) bool {
	for _, errno := range list {
		if errors.Is(err, errno) {
			return true
		}
	}
	return false
}

// says looks for the text of errors that net/http exports no value for.
func says(err error, texts ...string) bool {
	for _, text := range texts {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

// judgeStatus returns what is wrong with a whole response, if anything. A 304 is
// for whoever asked for it.
func judgeStatus(status int, body []byte) failure {
	class, detail := statusClass(status), http.StatusText(status)
	if class != extract.ClassChallenge {
		if mark := extract.Challenge(body); mark != "" {
			return failure{extract.ClassChallenge, "a script instead of a page: " + mark}
		}
	}
	if class == "" && len(bytes.TrimSpace(body)) == 0 {
		return failure{extract.ClassEmptyBody, "an answer without a body"}
	}
	if class == "" {
		return failure{}
	}
	return failure{class, clip(strings.TrimSpace("status " + strconv.Itoa(status) + " " + detail))}
}

// statusClass returns what is wrong with a status, "" where a page comes with it.
func statusClass(status int) extract.Class {
	if status == http.StatusOK || status == http.StatusNonAuthoritativeInfo {
		return ""
	}
	if status >= 600 {
		return extract.ClassUnexpected
	}
	return cmp.Or(extract.StatusClass(status), extract.ClassUnexpected)
}

// clip cuts a line for people at 500 bytes, between characters, and takes line
// breaks out of it.
func clip(s string) string {
	const most = 500
	s = strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "?")
	if len(s) <= most {
		return s
	}
	s = s[:most-3]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + "…"
}
