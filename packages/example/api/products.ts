import type { Shop } from "../shared/database.ts";
import { type Routes, wholeNumber } from "../shared/serve.ts";

/** The column that holds a product's name: it was renamed in 1.3.0. */
export type NameColumn = "name" | "title";

const MAX_ID = 2 ** 31 - 1;

/** What is for sale. */
export function productRoutes(shop: Shop, column: NameColumn): Routes {
  const list = `select id, ${column} as name, price_cents from products`;
  return {
    "GET /products": async () => ({ status: 200, body: await shop.query(`${list} order by id limit 100`) }),
    "GET /products/:id": async ({ params }) => {
      const id = wholeNumber(params.id, "id", { min: 1, max: MAX_ID });
      const [product] = await shop.query(`${list} where id = $1`, [id]);
      return product === undefined
        ? { status: 404, body: { error: "no such product" } }
        : { status: 200, body: product };
    },
    "PUT /products/:id/name": async ({ params, body }) => {
      const id = wholeNumber(params.id, "id", { min: 1, max: MAX_ID });
      const name = typeof body === "object" && body !== null && "name" in body ? String(body.name) : "";
      if (name === "" || name.length > 200)
        return { status: 400, body: { error: "name must have 1 to 200 characters" } };
      const [product] = await shop.query(
        `update products set ${column} = $2 where id = $1 returning id, ${column} as name`,
        [id, name],
      );
      return product === undefined
        ? { status: 404, body: { error: "no such product" } }
        : { status: 200, body: product };
    },
  };
}
