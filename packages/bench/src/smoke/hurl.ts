import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How hurl is started, or why it is not to be had. */
export type HurlCommand = { readonly command: readonly string[] } | { readonly leftOut: string };

/**
 * Finds hurl: the installed one, or Debian's, which only its newest suite has. That one is unpacked into a
 * folder together with the libraries that it was built for, and started with their own loader, so that
 * nothing of this machine is changed.
 */
export function hurlCommand(cache: string): HurlCommand {
  if (succeeds("hurl", ["--version"])) return { command: ["hurl"] };
  const root = join(cache, "hurl");
  const loader = join(root, "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
  const command = [
    loader,
    "--library-path",
    join(root, "usr/lib/x86_64-linux-gnu"),
    join(root, "usr/bin/hurl"),
  ];
  if (!existsSync(loader)) {
    const why = unpackHurl(cache, root);
    if (why !== undefined) return { leftOut: why };
  }
  return succeeds(command[0]!, [...command.slice(1), "--version"])
    ? { command }
    : { leftOut: "it does not start here" };
}

/** Gives why it could not be done. */
function unpackHurl(cache: string, root: string): string | undefined {
  if (!succeeds("apt-get", ["--version"]))
    return "it is not installed, and there is no apt-get to fetch it with";
  const mirror = debianMirror();
  if (mirror === undefined) return "it is not installed, and apt knows no Debian mirror";
  const apt = join(cache, "apt");
  for (const folder of ["lists/partial", "archives/partial"])
    mkdirSync(join(apt, folder), { recursive: true });
  writeFileSync(join(apt, "sources.list"), `deb [trusted=yes] ${mirror} sid main\n`);
  // An empty list of what is installed: the libraries are wanted too, whatever this machine has.
  writeFileSync(join(apt, "status"), "");
  const places = {
    "Dir::Etc::sourcelist": join(apt, "sources.list"),
    "Dir::Etc::sourceparts": "-",
    "Dir::State::lists": join(apt, "lists"),
    "Dir::State::status": join(apt, "status"),
    "Dir::Cache": apt,
    "Dir::Cache::archives": join(apt, "archives"),
  };
  const options = Object.entries(places).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  try {
    run("apt-get", [...options, "update"]);
    run("apt-get", [...options, "install", "--download-only", "--no-install-recommends", "-y", "hurl"]);
    mkdirSync(root, { recursive: true });
    for (const archive of readdirSync(join(apt, "archives")).filter((name) => name.endsWith(".deb"))) {
      run("dpkg-deb", ["-x", join(apt, "archives", archive), root]);
    }
    return undefined;
  } catch (error) {
    return `Debian's package could not be fetched: ${error instanceof Error ? error.message.split("\n")[0] : error}`;
  }
}

/** The first mirror that apt is set up with for Debian itself. */
function debianMirror(): string | undefined {
  const folder = "/etc/apt/sources.list.d";
  const files = [
    "/etc/apt/sources.list",
    ...(existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []),
  ];
  const texts = files.filter(existsSync).map((file) => readFileSync(file, "utf8"));
  const uris = texts.flatMap((text) => [
    ...text.matchAll(/^(?:URIs:|deb\s+(?:\[[^\]]*\]\s*)?)\s*(https?:\S+)/gm),
  ]);
  return uris.map((match) => match[1]!).find((uri) => /\/debian\/?$/.test(uri));
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"] });
}

function succeeds(program: string, args: readonly string[]): boolean {
  try {
    run(program, args);
    return true;
  } catch {
    // Not there, or not for this machine: the caller says what follows from it.
    return false;
  }
}
