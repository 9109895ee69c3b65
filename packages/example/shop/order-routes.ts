import type { Database } from "./database.ts";
import { found, idOf, integerOf, MAX_ID, textOf } from "./input.ts";
import type { Route } from "./route.ts";

const MAX_QUANTITY = 1_000;
const MAX_NOTE = 500;

/**
 * Placing and reading orders.
 *
 * @param options.notes whether an order may have a note: its column came with 1.2.0.
 */
export function orderRoutes(database: Database, { notes = false } = {}): Route[] {
  const columns = `id, product_id as "productId", quantity, ordered_at as "orderedAt"${notes ? ", note" : ""}`;
  const insert = notes
    ? "insert into orders (product_id, quantity, note) select id, $2::int, $3::text"
    : "insert into orders (product_id, quantity) select id, $2::int";
  return [
    {
      method: "POST",
      path: "/orders",
      summary: `Place an order: {productId, quantity${notes ? ", note?" : ""}}`,
      answer: async ({ body }) => {
        const given = await body();
        const values: unknown[] = [
          integerOf(given, "productId", 1, MAX_ID),
          integerOf(given, "quantity", 1, MAX_QUANTITY),
        ];
        if (notes) values.push(given.note === undefined ? null : textOf(given, "note", MAX_NOTE));
        const rows = await database.query(
          `${insert} from products where id = $1 returning ${columns}`,
          values,
        );
        return { status: 201, json: found(rows) };
      },
    },
    {
      method: "GET",
      path: "/orders/:id",
      summary: "One order",
      answer: async ({ params }) => ({
        json: found(await database.query(`select ${columns} from orders where id = $1`, [idOf(params)])),
      }),
    },
  ];
}
