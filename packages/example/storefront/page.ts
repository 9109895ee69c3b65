import { openShop } from "../shared/database.ts";
import { serve } from "../shared/serve.ts";
import { readStamp } from "../shared/stamp.ts";

/** One release of the storefront: how the page is headed. */
export interface StorefrontRelease {
  readonly heading: string;
}

interface Product {
  readonly product: { readonly name?: string; readonly title?: string; readonly price_cents: number };
}

/** Starts the storefront: one page that lists what is for sale, whatever the schema calls it. */
export function startStorefront({ heading }: StorefrontRelease): void {
  const shop = openShop(process.env.DATABASE_URL ?? "");
  const page = async () => {
    const products = await shop.query<Product>(
      "select to_jsonb(products) as product from products order by id limit 100",
    );
    const items = products.map(
      ({ product }) =>
        `<li>${escapeHtml(product.title ?? product.name ?? "")} ${(product.price_cents / 100).toFixed(2)}</li>`,
    );
    return {
      status: 200,
      html: true,
      body: `<!doctype html><title>shop</title><h1>${heading}</h1><ul>${items.join("")}</ul>`,
    };
  };
  serve({ stamp: readStamp(), shop, needs: "20260105090000_shop", routes: { "GET /shop": page } });
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
