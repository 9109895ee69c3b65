import { SlipwayError } from "@slipway/kernel";
import { runProgram } from "./run-program.ts";

/**
 * The files below a folder that are new or different since a commit, those that are not committed among them.
 *
 * @returns paths relative to the folder.
 * @throws {SlipwayError} USAGE when git does not know the commit, or there is no git.
 */
export async function changedSince(folder: string, ref: string): Promise<Set<string>> {
  // A ref that begins with a dash would be an option.
  const changed = [
    "diff",
    "--name-only",
    "--no-renames",
    "-z",
    "--relative",
    "--end-of-options",
    ref,
    "--",
    ".",
  ];
  const untracked = ["ls-files", "--others", "--exclude-standard", "-z", "--", "."];
  const lists = await Promise.all([changed, untracked].map((words) => git(folder, words, ref)));
  return new Set(lists.flatMap((list) => list.split("\0").filter((file) => file !== "")));
}

async function git(cwd: string, words: readonly string[], ref: string): Promise<string> {
  const problem = (why: string, cause?: unknown) =>
    new SlipwayError("USAGE", {
      what: `Cannot tell what changed since "${ref}"`,
      why,
      todo: "slipway migrate lint --since <commit, tag or branch>",
      cause,
    });
  // Inside a hook git points every command at its own repository.
  const { GIT_DIR: _dir, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...env } = process.env;
  const ended = await runProgram("git", words, { cwd, env: { ...env, LC_ALL: "C" } }).catch(
    (cause: unknown) => {
      throw problem("git cannot be run", cause);
    },
  );
  if (ended.exitCode !== 0) throw problem(ended.stderr.trim().split("\n")[0] ?? "");
  return ended.stdout;
}
