import { SlipwayError } from "@slipway/kernel";
import { x } from "tinyexec";

/**
 * The commit of a clean tree.
 *
 * @throws {SlipwayError} TREE_DIRTY, naming the files: what is not committed cannot be built again.
 */
export async function cleanCommit(root: string): Promise<string> {
  const status = await git(root, ["status", "--porcelain", "--untracked-files=all"]);
  const dirty = status.split("\n").filter((line) => line !== "");
  if (dirty.length > 0) {
    const shown = dirty.slice(0, 10).map((line) => line.slice(3));
    throw new SlipwayError("TREE_DIRTY", {
      what: "Cannot cut a release",
      why: `these are not committed: ${shown.join(", ")}${dirty.length > 10 ? ` and ${dirty.length - 10} more` : ""}`,
    });
  }
  return (await git(root, ["rev-parse", "HEAD"])).trim();
}

async function git(cwd: string, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await x("git", [...args], { nodeOptions: { cwd } });
  if (exitCode === 0) return stdout;
  throw new SlipwayError("TREE_DIRTY", {
    what: "Cannot cut a release",
    why: `git ${args[0]} failed: ${stderr.trim()}`,
    todo: "Cut in a git repository with at least one commit",
  });
}
