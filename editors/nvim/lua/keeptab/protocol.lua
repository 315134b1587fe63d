--- The messages between keeptab's host and its plugins; PROTOCOL.md says how they are used.
--- Generated from the host's types: do not edit. CONTRIBUTING.md says how.
---@meta

--- The actor behind a heartbeat.
---@alias keeptab.Actor "human"|"agent"

--- An amount, with exactly the decimals of its currency.
---@alias keeptab.Amount string

--- The time that a project has used of its budget, in all.
---@class keeptab.Budget
---@field agreedSeconds integer The time agreed.
---@field percent integer The used share in per cent, rounded down.
---@field project keeptab.ProjectId The project.
---@field usedSeconds integer The time used, billed or not.

--- The answer of a command. A command that asks first answers null, and tells its outcome later.
---@class keeptab.CommandAnswer
---@field data? any The output of the command with `--json`; `keeptab schema` has its types.
---@field path? string A file to open in the place of a text.
---@field text? string The answer as the shell prints it, for clients that show text alone.
---@field told? keeptab.Told The change that was made.

--- A currency of ISO 4217.
---@alias keeptab.Currency string

--- An event of `keeptab/activity`.
---@class keeptab.Event
---@field actor? keeptab.Actor The actor. Default: the person.
---@field at? integer Epoch milliseconds. Default: the present.
---@field cwd? string The folder of work without a file, such as a terminal's own.
---@field kind keeptab.EventKind The kind of the event.
---@field language? string The language of the file.
---@field private? boolean True to keep the instant alone.
---@field root? string The workspace root.
---@field seq integer Its number, from 1. It rises within a source and is never used twice.
---@field uri? string The file or page. Without it, the folder decides: `cwd`, else `root`.

--- The kind of an event.
---@alias keeptab.EventKind "edit"|"navigate"|"save"|"focus"|"debug"|"task"|"visit"|"outside"|"blur"|"suspend"|"lock"

--- Time without human work.
---@class keeptab.Gap
---@field attended boolean True if a window was in front all the while: human heartbeats are never further apart than the idle timeout, and no boundary parts them.
---@field from string The start by the clock of the day, such as `12:10`.
---@field seconds integer The length in seconds.
---@field to string The end, in the same form.

--- A question: the params of `keeptab/input`.
---@class keeptab.Input
---@field prompt string The question.
---@field title string The title.
---@field value string The proposed answer.

--- One item of a choice.
---@class keeptab.Item
---@field detail string The text beside the label.
---@field label string The label.
---@field value string The answer if this item is chosen.

--- An amount with its currency.
---@class keeptab.Money
---@field amount keeptab.Amount The amount.
---@field currency keeptab.Currency Its currency.

--- The params of `keeptab/offer`.
---@class keeptab.Offer
---@field action string The name of the button.
---@field command string The command that does it, such as `keeptab.assign`.
---@field text string A sentence about what the user may want to do.
---@field words string[] The words of the command.

--- A choice: the params of `keeptab/pick`.
---@class keeptab.Pick
---@field document? string A PDF to look at meanwhile.
---@field items keeptab.Item[] The choices.
---@field placeholder string The text in the empty field.
---@field title string The title.

--- The id of a project: the text of its table in the config, `acme/api`.
---@alias keeptab.ProjectId string

--- The names of a workspace root: an entry of `keeptab/roots`. Each is a URI or an absolute path.
---@class keeptab.Root
---@field real? string Its path without symbolic links.
---@field repository? string In a git worktree: its counterpart in the main working tree of the repository.
---@field root string The root as events name it.

--- The state of time tracking.
---@alias keeptab.State "tracking"|"idle"|"paused"|"unassigned"|"error"

--- The status bar's contents: `keeptab/status`.
---@class keeptab.Status
---@field away? keeptab.Gap Idle time with work after it that ended within the last hour: a call, perhaps. Null if the person called it a break.
---@field budget? keeptab.Budget The project's budget, if it has one.
---@field client? string The client of the project in front.
---@field project? keeptab.ProjectId The project in front.
---@field projectTodaySeconds integer The time today of the project in front.
---@field reason? string The reason for the state, if it needs one.
---@field setUp boolean False before there is a business or a project.
---@field state keeptab.State The state of time tracking.
---@field text string The text of the bar.
---@field timer? keeptab.Timed The timer that runs by hand.
---@field todaySeconds integer The time today, of all projects.
---@field tooltip string The details, in words.
---@field unbilled keeptab.Money[] The money that is not billed yet, by currency.

--- The params of `keeptab/taken`.
---@class keeptab.Taken
---@field seq integer The number of the last committed event of this source.

--- A running timer.
---@class keeptab.Timed
---@field from string The start by the clock of the day on which it lies, such as `09:10`.
---@field note? string The description of the work.
---@field project keeptab.ProjectId The project.

--- The params of `keeptab/told`.
---@class keeptab.Told
---@field files? string[] The files that were written.
---@field text string A sentence. Further lines say more, or the whole is a table.
---@field undo? string The command that takes it back, such as `keeptab.undo`.
