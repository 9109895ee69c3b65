import type { Shop } from "../shared/database.ts";
import { type Routes, wholeNumber } from "../shared/serve.ts";

const MAX_ID = 2 ** 31 - 1;

/** Discounts, since 1.1.0: they need its column. */
export function discountRoutes(shop: Shop): Routes {
  return {
    "GET /products/:id/price": async ({ params }) => {
      const id = wholeNumber(params.id, "id", { min: 1, max: MAX_ID });
      const [price] = await shop.query(
        "select id, price_cents * (100 - discount_percent) / 100 as price_cents, discount_percent from products where id = $1",
        [id],
      );
      return price === undefined
        ? { status: 404, body: { error: "no such product" } }
        : { status: 200, body: price };
    },
    "PUT /products/:id/discount": async ({ params, body }) => {
      const id = wholeNumber(params.id, "id", { min: 1, max: MAX_ID });
      const wanted =
        typeof body === "object" && body !== null && "percent" in body ? body.percent : undefined;
      const percent = wholeNumber(wanted, "percent", { min: 0, max: 90 });
      const [product] = await shop.query(
        "update products set discount_percent = $2 where id = $1 returning id, discount_percent",
        [id, percent],
      );
      return product === undefined
        ? { status: 404, body: { error: "no such product" } }
        : { status: 200, body: product };
    },
  };
}
