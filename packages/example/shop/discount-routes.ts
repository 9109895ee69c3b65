import type { Database } from "./database.ts";
import { found, idOf, integerOf } from "./input.ts";
import type { Route } from "./route.ts";

const MAX_PERCENT = 90;

const price = (discount: string) =>
  `id as "productId", price_cents as "priceCents", ${discount} as "discountPercent",
  price_cents::bigint * (100 - ${discount}) / 100 as "finalCents"`;

/**
 * Reading a product's price and setting its discount.
 *
 * @param isOn whether discounts count at the moment: asked for every answer. They are kept while they do not.
 */
export function discountRoutes(database: Database, isOn: () => boolean): Route[] {
  const columns = () => price(isOn() ? "discount_percent" : "0");
  return [
    {
      method: "GET",
      path: "/products/:id/price",
      summary: "What a product costs with its discount",
      answer: async ({ params }) => ({
        json: found(await database.query(`select ${columns()} from products where id = $1`, [idOf(params)])),
      }),
    },
    {
      method: "PUT",
      path: "/products/:id/discount",
      summary: "Set a discount: {percent}",
      answer: async ({ params, body }) => {
        const percent = integerOf(await body(), "percent", 0, MAX_PERCENT);
        const update = `update products set discount_percent = $2 where id = $1 returning ${columns()}`;
        return { json: found(await database.query(update, [idOf(params), percent])) };
      },
    },
  ];
}
