import type { Node } from "libpg-query";
import type { FamilyFacts } from "../statement-facts.ts";

/** The tag of a statement's node, `AlterTableStmt`. */
export type Tag = Node extends infer N ? (N extends unknown ? keyof N & string : never) : never;

/** The body below a tag. */
export type Body<TAG extends Tag> = Extract<Node, Record<TAG, unknown>>[TAG];

/** A family of statements: for each tag, what is known of a statement with it. */
export type Family = { readonly [TAG in Tag]?: (body: Body<TAG>) => FamilyFacts };
