/** One request of a hurl file, and what is expected of its answer: as text, by section. */
export interface HurlEntry {
  readonly line: number;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly HurlLine[];
  readonly sections: Readonly<Record<string, readonly HurlLine[]>>;
  readonly body: string | undefined;
  /** `undefined` when the entry does not look at its answer, or takes any status. */
  readonly status: number | undefined;
  readonly answerHeaders: readonly HurlLine[];
  /** Something follows the answer's headers that is a body to compare with. */
  readonly answerBody: string | undefined;
}

/** A line of a file that says something. */
export interface HurlLine {
  readonly line: number;
  readonly text: string;
}

const requestLine =
  /^(GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|(?!HTTP\b)[A-Z]{3,})\s+(\S+)\s*(?:#.*)?$/;
const answerLine = /^HTTP(?:\/[\d.]+|\/\*)?\s+(\d{3}|\*)/;

/**
 * Splits a hurl file into its entries. The format is lines: a request line, headers, sections in brackets,
 * a body, then the same for the answer after an `HTTP` line.
 *
 * @throws {SyntaxError} when the first thing in the file is no request.
 */
export function parseHurl(text: string): HurlEntry[] {
  const entries: Draft[] = [];
  let current: Draft | undefined;
  let section = "";
  let fenced = false;
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const line = at + 1;
    const trimmed = raw.trim();
    if (fenced || trimmed.startsWith("```")) {
      if (/^```/.test(trimmed)) fenced = !fenced && !/^```.*```$/.test(trimmed);
      addBody(current, raw);
      continue;
    }
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const [, method, url] = requestLine.exec(trimmed) ?? [];
    const [, status] = answerLine.exec(trimmed) ?? [];
    const [, name] = /^\[(\w+)\]$/.exec(trimmed) ?? [];
    if (method !== undefined && url !== undefined && !isBody(current)) {
      current = { line, method, url, headers: [], sections: {}, answerHeaders: [], answered: false };
      entries.push(current);
      section = "";
    } else if (current === undefined) throw new SyntaxError(`line ${line} is not a request: ${trimmed}`);
    else if (status !== undefined) {
      current.answered = true;
      current.inBody = false;
      section = "";
      if (status !== "*") current.status = Number(status);
    } else if (name !== undefined && !isBody(current)) section = name;
    else if (section !== "" && /^["\w]/.test(trimmed)) {
      current.sections[section] = [...(current.sections[section] ?? []), { line, text: trimmed }];
    } else if (section === "" && !isBody(current) && /^[\w-]+\s*:/.test(trimmed)) {
      (current.answered ? current.answerHeaders : current.headers).push({ line, text: trimmed });
    } else addBody(current, raw);
  }
  return entries.map(({ answered: _answered, inBody: _inBody, ...entry }) => {
    return { body: undefined, status: undefined, answerBody: undefined, ...entry };
  });
}

interface Draft {
  line: number;
  method: string;
  url: string;
  headers: HurlLine[];
  sections: Record<string, HurlLine[]>;
  body?: string;
  status?: number;
  answerHeaders: HurlLine[];
  answerBody?: string;
  answered: boolean;
  inBody?: boolean;
}

function isBody(draft: Draft | undefined): boolean {
  return draft?.inBody === true;
}

/** A body goes on until its brackets are closed, or, for a one-line text, to the end of the line. */
function addBody(draft: Draft | undefined, line: string): void {
  if (draft === undefined) return;
  const key = draft.answered ? "answerBody" : "body";
  const before = draft[key];
  const body = before === undefined ? line : `${before}\n${line}`;
  draft[key] = body;
  draft.inBody = /^\s*[{[]/.test(body) && !isWholeJson(body);
}

function isWholeJson(text: string): boolean {
  // Placeholders may stand where JSON wants a value.
  const plain = text.replace(/\{\{[^}]*\}\}/g, "0");
  try {
    JSON.parse(plain);
    return true;
  } catch {
    // Not closed yet: more lines belong to it.
    return false;
  }
}
