import { SlipwayError } from "@slipway/kernel";
import type { Suite } from "../definition/suite.ts";
import { checkSuite, type Locate } from "../schema/check-suite.ts";
import type { Host } from "./host.ts";

/**
 * Loads a suite from a file: YAML, JSON, or the default export of a TypeScript or JavaScript module.
 *
 * @throws {SlipwayError} SMOKE_INVALID when there is no such file, or it is no suite.
 */
export async function loadSuite(host: Host, path: string): Promise<Suite> {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  switch (extension) {
    case "json":
      return checkSuite(parseJson(await read(host, path), path), path);
    case "yaml":
    case "yml": {
      const { value, locate } = await parseYaml(await read(host, path), path);
      return checkSuite(value, path, locate);
    }
    case "ts":
    case "mts":
    case "js":
    case "mjs":
      return checkSuite(await defaultExport(host, path), path);
    default:
      throw unreadable(
        path,
        `.${extension} is not a suite's extension`,
        "Name a .yaml, .json, .ts or .js file",
      );
  }
}

async function read(host: Host, path: string): Promise<string> {
  try {
    return await host.readText(path);
  } catch (cause) {
    throw unreadable(path, reason(cause), "Name a file that exists", cause);
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(path, reason(cause), "Correct the JSON", cause);
  }
}

async function parseYaml(text: string, path: string): Promise<{ value: unknown; locate: Locate }> {
  const { isNode, LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) throw unreadable(path, error.message, "Correct the YAML", error);
  const locate: Locate = (at) => {
    const node = document.getIn(at, true);
    return isNode(node) && node.range ? `line ${lines.linePos(node.range[0]).line}` : "";
  };
  return { value: document.toJS(), locate };
}

async function defaultExport(host: Host, path: string): Promise<unknown> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await host.importModule(path);
  } catch (cause) {
    throw unreadable(path, reason(cause), "Correct the module", cause);
  }
  if (module.default !== undefined) return module.default;
  throw unreadable(path, "it has no default export", "Write export default defineSmoke({ … })");
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function unreadable(path: string, why: string, todo: string, cause?: unknown): SlipwayError {
  return new SlipwayError("SMOKE_INVALID", { what: `Cannot read the smoke suite ${path}`, why, todo, cause });
}
