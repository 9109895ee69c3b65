/** The parts of an OpenAPI document, version 2 or 3, that an import looks at. */
export interface OpenapiDocument {
  readonly servers?: readonly {
    readonly url: string;
    readonly variables?: Readonly<Record<string, { readonly default?: unknown }>>;
  }[];
  readonly security?: readonly unknown[];
  readonly paths?: Readonly<Record<string, unknown>>;
  /** Version 2. */
  readonly host?: string;
  readonly basePath?: string;
  readonly schemes?: readonly string[];
  readonly produces?: readonly string[];
}

/**
 * What a value stands for: itself, or what its `$ref` names in the same document.
 *
 * @returns `undefined` for nothing, and for what is in another file.
 * @example
 * resolveReference({ $ref: "#/a" }, { a: 1 }); // 1
 */
export function resolveReference(value: unknown, document: object): unknown {
  let at = value;
  for (let steps = 0; steps < 20; steps++) {
    if (typeof at !== "object" || at === null) return at ?? undefined;
    const { $ref } = at as { readonly $ref?: unknown };
    if (typeof $ref !== "string") return at;
    if (!$ref.startsWith("#/")) return undefined;
    const keys = $ref.slice(2).split("/");
    at = keys.reduce<unknown>((inner, key) => {
      const name = decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~");
      return typeof inner === "object" && inner !== null
        ? (inner as Record<string, unknown>)[name]
        : undefined;
    }, document);
  }
  // It names itself.
  return undefined;
}

/** The address of the first server that has one; a path alone, and no server, come after `${API_URL}`. */
export function openapiAddress({ servers, host, basePath = "", schemes = [] }: OpenapiDocument): string {
  const here = "${" + "API_URL}";
  const v2 =
    host === undefined
      ? basePath
      : `${schemes.includes("https") || schemes.length === 0 ? "https" : schemes[0]}://${host}${basePath}`;
  const urls = (servers ?? [{ url: v2, variables: {} }]).map(({ url, variables = {} }) =>
    url.replace(/\{(\w+)\}/g, (whole, name: string) => String(variables[name]?.default ?? whole)),
  );
  const known = urls.find((url) => /^https?:/.test(url) && URL.canParse(url) && !url.includes("{"));
  const path = urls.find((url) => url.startsWith("/") && !url.includes("{"));
  return (known ?? `${here}${path ?? ""}`).replace(/\/+$/, "");
}
