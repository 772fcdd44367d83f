// Package scenario plays stories that are written as text: who calls a bot, what
// they do, what goes wrong, and what the bot must make of it. A scenario tests a
// bot in any language from outside, through what Microsoft Graph would be sent:
//
//	scenario A caller who presses 2 is transferred to support
//	bot Reception
//	person Diego
//	person Alex
//	start Reception: python reception.py --support {Alex.id}
//
//	Diego calls Reception
//	Diego must be with Reception within 5s
//	Reception must play *menu.wav to Diego within 5s
//	when Reception listens to Diego: after 1s: Diego presses 2
//	Reception must transfer Diego to Alex within 5s
//	Diego must be with Alex within 5s
//
// docs/scenarios.md has the whole language. The command callsim plays files of
// it, and so does a program of your own:
//
//	story, err := scenario.Parse(file, text)
//	…
//	report := new(scenario.Runner).Run(ctx, story)
//	fmt.Print(report)
//	if !report.Passed() {
//		os.Exit(1)
//	}
//
// [Runner] starts a platform, and the bots as programs of their own. A bot that
// runs in the test's own process is played with by [Scenario.Run].
//
// # Why a language of its own
//
// A story is a list of things that happen one after the other, and is read as
// one, in a review more often than at a desk. So a line is a sentence, and a
// sentence is a line: what is added or changed is one line of a diff. In YAML
// each sentence would be a map of four lines, with quotation marks around *, #
// and whatever has a colon in it, and mistakes would be told in terms of maps.
// What YAML is good at, editors and nesting, a story has no use for.
//
// # How exact it is
//
// What people do happens when the lines before it are done, and expectations are
// met as soon as what they expect happens, so a story takes no longer than it
// must, and goes the same way each time as far as the bot does. A bot has clocks
// of its own: speed makes the platform faster and not the bot.
package scenario
