import { SlipwayError } from "@slipway/kernel";
import { x } from "tinyexec";

/** What git knows of the tree that a release is cut from. */
export interface GitState {
  /** 40 hexadecimal characters. */
  readonly commit: string;
  /** When the commit was made, ISO 8601 in UTC. */
  readonly committedAt: string;
  /** Files that are not as committed, untracked ones among them. What a cut itself writes does not count. */
  readonly changes: readonly string[];
}

const OWN_OUTPUT = [":(exclude).slipway", ":(exclude)stacks/releases"];

/**
 * Asks git for the commit and for what differs from it.
 *
 * @throws {SlipwayError} TREE_DIRTY where there is no commit to name, TOOLCHAIN_MISSING without git.
 */
export async function readGitState(root: string): Promise<GitState> {
  const [shown, status] = await Promise.all([
    git(root, ["show", "--no-patch", "--format=%H %ct", "HEAD"]),
    git(root, [
      "status",
      "--porcelain",
      "-z",
      "--no-renames",
      "--untracked-files=all",
      "--",
      ":/",
      ...OWN_OUTPUT,
    ]),
  ]);
  const [commit = "", seconds = ""] = shown.trim().split(" ");
  return {
    commit,
    committedAt: new Date(Number(seconds) * 1000).toISOString(),
    // Each entry is two letters of state, a space and the path.
    changes: status.split("\0").flatMap((entry) => (entry === "" ? [] : [entry.slice(3)])),
  };
}

/** The files in a folder that git tracks. */
export async function trackedFiles(root: string, folder: string): Promise<string[]> {
  const listed = await git(root, ["ls-files", "-z", "--", folder]);
  return listed.split("\0").filter((file) => file !== "");
}

// Inside a hook git points every command at its own repository.
const noRepository = { GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined };

async function git(root: string, args: readonly string[]): Promise<string> {
  const what = "Cannot name the commit of a release";
  let result: { exitCode: number | undefined; stdout: string; stderr: string };
  try {
    const env = { ...noRepository, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" };
    result = await x("git", [...args], { nodeOptions: { cwd: root, env } });
  } catch (cause) {
    throw new SlipwayError("TOOLCHAIN_MISSING", {
      what,
      why: "git does not run here",
      todo: "Install git",
      cause,
    });
  }
  if (result.exitCode === 0) return result.stdout;
  throw new SlipwayError("TREE_DIRTY", {
    what,
    why: result.stderr.trim().split("\n")[0] ?? `git ${args[0]} failed`,
    todo: "Cut in a git repository with at least one commit",
  });
}
