// Command measure measures the program from outside: how many lists of a
// folder of real pages are read right, what a round costs, whether what was
// acknowledged survives kill -9, whether thirty rounds in one process leave
// anything behind, whether thirty nights of the daemon with kills in between lose or
// double anything, and how often a hundred nights of a changing city are judged
// wrong. It prints tables; it is for developers and is not shipped.
//
//	measure corpus DIR
//	measure bench  [--repeats N]
//	measure compare [--repeats N], a half of bench
//	measure city   [--repeats N], the other
//	measure crash  [--rounds N] [--seed N]
//	measure soak   [--rounds N]
//	measure daemon [--nights N] [--kills N] [--seed N]
//	measure suggest
//	measure import
//	measure console [--clients N] DATA
//	measure year DATA
//	measure demo
//	measure accounts
//	measure nights [--nights N] [--from DATE] [--approve=true|false] [--only GLOB] [--city N] [--browser]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"xuncha/inventory"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

// errUsage says how to call the program.
var errUsage = errors.New("usage: measure corpus DIR | bench [--repeats N] | compare [--repeats N] | city [--repeats N] | crash [--rounds N] [--seed N] | soak [--rounds N] | daemon [--nights N] [--kills N] [--seed N] | nights [--nights N] [--from DATE] [--approve=true|false] [--only GLOB] [--city N] [--browser] | suggest | accounts | import | history DIR YEARS | console [--clients N] DATA | year DATA | demo")

// run runs one measurement.
func run(ctx context.Context, args []string, w io.Writer) error {
	if len(args) == 0 {
		return errUsage
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	rounds := flags.Int("rounds", 30, "rounds to make")
	repeats := flags.Int("repeats", 7, "times to repeat each measurement")
	seed := flags.Uint64("seed", 1, "seed of the random moments")
	program := flags.String("program", "bin/xuncha", "the built program")
	kills := flags.Int("kills", 30, "times to kill the daemon")
	many := flags.Int("nights", 100, "nights to play")
	play := flags.Uint64("city", 0, "seed of what the facts of the city leave open")
	from := flags.String("from", "2023-09-28", "the first night")
	approve := flags.String("approve", "", "play with a person's approval (true) or without (false); both if not said")
	browser := flags.Bool("browser", false, "show pages in the Chromium that is installed")
	clients := flags.Int("clients", 50, "clients of the console at once; 0 only tells what each page costs")
	only := flags.String("only", "*", "subjects to look at, a glob of their IDs")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "corpus":
		if flags.NArg() != 1 {
			return errUsage
		}
		return corpus(ctx, flags.Arg(0), w)
	case "bench":
		if err := compare(ctx, *repeats, w); err != nil {
			return err
		}
		return bench(ctx, *repeats, w)
	case "round": // a process of bench
		collectLess()
		return oneRound(ctx, flags.Arg(0), flags.Arg(1))
	case "accounts":
		return accounts(ctx, w)
	case "console":
		if flags.NArg() != 1 {
			return errUsage
		}
		if err := programOf(*program); err != nil {
			return err
		}
		return measureConsole(ctx, consoleRun{program: *program, data: flags.Arg(0), clients: *clients, lasts: 20 * time.Second, alone: *clients == 0}, w)
	case "year":
		if flags.NArg() != 1 {
			return errUsage
		}
		return year(ctx, flags.Arg(0), w)
	case "demo":
		if err := programOf(*program); err != nil {
			return err
		}
		return demo(ctx, *program, w)
	case "compare": // the first half of bench
		return compare(ctx, *repeats, w)
	case "city": // the second
		return bench(ctx, *repeats, w)
	case "farm", "farm-round", "plain", "colly":
		return takePart(ctx, args[0], flags.Args(), w)
	case "crash":
		return crash(ctx, crashRun{program: *program, rounds: *rounds, seed: *seed}, w)
	case "suggest":
		return suggest(ctx, nil, w)
	case "import":
		return takeIn(w, wantTime)
	case "history":
		return history(ctx, flags.Args(), w)
	case "soak":
		return soak(ctx, *rounds, w)
	case "daemon":
		return daemonNights(ctx, daemonRun{program: *program, nights: *many, kills: *kills, seed: *seed, progress: os.Stderr}, w)
	case "nights":
		approvals, ok := map[string][]bool{"": {false, true}, "true": {true}, "false": {false}}[*approve]
		if !ok {
			return errUsage
		}
		return nights(ctx, nightsRun{nights: *many, from: *from, seed: *play, browser: *browser, only: inventory.Match(*only), progress: os.Stderr}, approvals, w)
	}
	return errUsage
}
