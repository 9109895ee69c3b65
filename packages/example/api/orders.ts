import type { Shop } from "../shared/database.ts";
import { type Routes, wholeNumber } from "../shared/serve.ts";

const MAX_ID = 2 ** 31 - 1;

/** What was sold. */
export function orderRoutes(shop: Shop): Routes {
  return {
    "POST /orders": async ({ body }) => {
      const order = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
      const product = wholeNumber(order.product, "product", { min: 1, max: MAX_ID });
      const quantity = wholeNumber(order.quantity, "quantity", { min: 1, max: 1000 });
      const [made] = await shop.query(
        `insert into orders (product_id, quantity)
         select id, $2 from products where id = $1
         returning id, product_id as product, quantity`,
        [product, quantity],
      );
      return made === undefined
        ? { status: 404, body: { error: "no such product" } }
        : { status: 201, body: made };
    },
    "GET /orders/:id": async ({ params }) => {
      const id = wholeNumber(params.id, "id", { min: 1, max: MAX_ID });
      const [order] = await shop.query(
        "select id, product_id as product, quantity from orders where id = $1",
        [id],
      );
      return order === undefined
        ? { status: 404, body: { error: "no such order" } }
        : { status: 200, body: order };
    },
  };
}
