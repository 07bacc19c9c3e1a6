// Command xuncha patrols a city's government websites and new-media accounts,
// keeps the proof, judges by the official indicators and writes the tables of
// the quarterly notice.
//
// main turns signals into a context and an error into an exit status: 0 done,
// 1 could not do it, 2 wrong usage. A site that misbehaves is data, never an
// exit status. run is the program, and the end-to-end tests call it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // dates are Beijing dates on machines without a zone database

	"github.com/alecthomas/kong"

	bureau "xuncha/office"
)

// version is set by the linker.
var version = "dev"

func main() {
	collectLess(os.Getenv)
	log.SetOutput(io.Discard) // net/http speaks here of odd servers; their pages say it already
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// Exit statuses.
const (
	statusDone  = 0
	statusError = 1
	statusUsage = 2
)

// An app is what every command is given: where to speak, and in which language.
type app struct {
	stdout, stderr io.Writer
	lang           string // "zh" or "en"
	log            *slog.Logger
	terminal       bool // stderr is a terminal
	colour         bool // stdout is one that shows colours
}

// say returns the sentence in the user's language.
func (a *app) say(zh, en string) string {
	if a.lang == "zh" {
		return zh
	}
	return en
}

// run is the program.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	a := &app{
		stdout: stdout, stderr: stderr, lang: language(flagValue(args, "--lang"), os.Getenv),
		log: slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn})), terminal: isTerminal(stderr),
		colour: colourful(stdout, os.Getenv),
	}
	var flags cli
	exited := -1
	out := &sticky{Writer: stdout}
	a.stdout = out
	parser, err := kong.New(&flags, kong.Name("xuncha"), kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited = code }), kong.Help(a.help), kong.Vars{"version": version},
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(a))
	if err != nil {
		return a.fail(err)
	}
	command, err := parser.Parse(args)
	switch name := emptyFlag(args); {
	case exited >= 0:
		return exited // help or version was asked for and has been printed
	case err != nil:
		return a.fail(usageError{err})
	case name != "":
		return a.fail(usage("%s is given without a value: give one, or leave the flag out", name))
	}
	return a.fail(errors.Join(command.Run(), out.err))
}

// A usageError is a mistake on the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// usage makes a usageError.
func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// fail prints one line that says what is wrong and what to do, and returns the
// exit status.
func (a *app) fail(err error) int {
	if err == nil {
		return statusDone
	}
	text, status := a.sentence(err), statusError
	if errors.As(err, new(usageError)) || errors.As(err, new(bureau.Mistake)) {
		status = statusUsage
		text += a.say("；请看 xuncha --help", "; see xuncha --help")
	} else if advice := a.advice(err); advice != "" {
		text += a.say("；", "; ") + advice
	}
	fmt.Fprintln(a.stderr, "xuncha: "+text)
	return status
}

// A sticky writer remembers that it failed, so that output which nobody got is
// not reported as done.
type sticky struct {
	io.Writer
	err error
}

func (s *sticky) Write(p []byte) (int, error) {
	n, err := s.Writer.Write(p)
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("write the output: %w", err)
	}
	return n, err
}

// sentence is an error in the user's language, as far as it has a sentence in it.
func (a *app) sentence(err error) string {
	if a.lang == "zh" {
		return inChinese(err)
	}
	return err.Error()
}
