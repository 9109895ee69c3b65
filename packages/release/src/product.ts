
/** The format for editors. */
export function productJsonSchema(): unknown {
  return z.toJSONSchema(productSchema, { io: "input" });
}
