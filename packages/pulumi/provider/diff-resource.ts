import type { ResourceInputs, ResourceKind } from "./resource-inputs.ts";

/**
 * Whether a resource has anything to do: its pin moved, a new attempt began, or one of the computed lists
 * is not empty (the ledger or the world differs). Never a replacement: an ensure replaces nothing.
 */
export function diffResource(kind: ResourceKind, olds: ResourceInputs, news: ResourceInputs): boolean {
  const { apply, undo, start, stop, declare, archive } = news;
  const pending = [apply, undo, start, stop, declare, archive].some((list) => (list?.length ?? 0) > 0);
  switch (kind) {
    case "Release":
    case "Traffic":
      return olds.attempt !== news.attempt;
    case "Settle":
      return olds.attempt !== news.attempt || pending;
    case "Schema":
      return olds.release !== news.release || pending;
    case "Flag":
      return flagFields.some((field) => olds[field] !== news[field]) || pending;
    case "Service":
      return olds.instance !== news.instance || pending;
  }
}

const flagFields = ["owner", "since", "safe", "expires", "salt", "description"] as const;
