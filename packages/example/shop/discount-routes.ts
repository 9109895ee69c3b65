import type { Database } from "./database.ts";
import { found, idOf, integerOf } from "./input.ts";
import type { Route } from "./route.ts";

const MAX_PERCENT = 90;

const PRICE = `id as "productId", price_cents as "priceCents", discount_percent as "discountPercent",
  price_cents::bigint * (100 - discount_percent) / 100 as "finalCents"`;

/** Reading a product's price and setting its discount. */
export function discountRoutes(database: Database): Route[] {
  return [
    {
      method: "GET",
      path: "/products/:id/price",
      summary: "What a product costs with its discount",
      answer: async ({ params }) => ({
        json: found(await database.query(`select ${PRICE} from products where id = $1`, [idOf(params)])),
      }),
    },
    {
      method: "PUT",
      path: "/products/:id/discount",
      summary: "Set a discount: {percent}",
      answer: async ({ params, body }) => {
        const percent = integerOf(await body(), "percent", 0, MAX_PERCENT);
        const update = `update products set discount_percent = $2 where id = $1 returning ${PRICE}`;
        return { json: found(await database.query(update, [idOf(params), percent])) };
      },
    },
  ];
}
