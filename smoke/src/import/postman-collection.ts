/** The parts of a Postman collection, format 2, that an import looks at. */
export interface Script {
  readonly listen: string;
  readonly script?: { readonly exec?: string | readonly string[] };
}

export interface Auth {
  readonly type?: string;
  readonly bearer?: readonly { readonly key?: string; readonly value?: unknown }[];
}

/** A request, or a folder of them; a collection is the outermost folder. */
export interface Item {
  readonly name?: string;
  readonly item?: readonly Item[];
  readonly request?: Request | string;
  readonly event?: readonly Script[];
  readonly auth?: Auth;
}

export interface Pair {
  readonly key: string;
  readonly value?: unknown;
  readonly disabled?: boolean;
}

export interface Request {
  readonly method?: string;
  readonly url?: string | { readonly raw?: string; readonly variable?: readonly Pair[] };
  readonly header?: readonly Pair[];
  readonly body?: { readonly mode?: string; readonly raw?: string; readonly urlencoded?: readonly Pair[] };
  readonly auth?: Auth;
}

export interface Collection extends Item {
  readonly info?: { readonly name?: string };
  readonly item: readonly Item[];
  readonly variable?: readonly Pair[];
}

/** Whether a value is a collection. */
export function isCollection(value: unknown): value is Collection {
  return typeof value === "object" && value !== null && "item" in value && Array.isArray(value.item);
}

/** The pairs that are not switched off. */
export function enabled(pairs: readonly Pair[] = []): Pair[] {
  return pairs.filter(({ disabled }) => disabled !== true);
}

/** The scripts of a request or a folder, each as one text. */
export function scripts({ event = [] }: Item): { readonly listen: string; readonly text: string }[] {
  return event.map(({ listen, script }) => ({ listen, text: [script?.exec ?? ""].flat().join("\n") }));
}
