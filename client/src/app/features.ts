import type { Component } from 'vue';
import type { RouteLocationRaw, RouteRecordRaw } from 'vue-router';

/** A place on the rail (the bottom bar on phones). */
export interface Place {
  /** Name of the route it leads to; it is lit while that route or one beneath `prefix` is open. */
  route: string;
  /** Path beneath the account that belongs to the place, such as `dashboard`. */
  prefix: string;
  icon: Component;
  /** Key of its name, in the frame's own locale: it shows before the feature's words are loaded. */
  label: string;
  /** Key of a shorter one for the bar of phones. */
  shortLabel?: string;
  order: number;
  /** Keys that go there, such as `g i`. */
  keys?: string;
  administrator?: boolean;
  /** What waits there; 0 shows nothing. */
  badge?: () => number;
}

/**
 * What a feature folder adds to the dashboard. A folder takes part by having a `feature.ts` whose default export is
 * one of these; it is loaded with the first page, so it names pages by `() => import(…)` and imports nothing heavy.
 */
export interface Feature {
  /** The folder's name; also the first part of its message keys. */
  name: string;
  /** Pages outside an account, such as sign-in. */
  routes?: RouteRecordRaw[];
  /** Pages beneath `/accounts/:accountId/`, inside the frame with the rail. */
  accountRoutes?: RouteRecordRaw[];
  places?: Place[];
  /** Where a person begins instead of the first place, asked when an account's bare address is opened. */
  startAt?: (accountId: number) => Promise<RouteLocationRaw | undefined>;
  /** Runs when an account is entered (also after switching); the returned function runs when it is left. */
  enterAccount?: (accountId: number) => void | (() => void);
}

const found = import.meta.glob<Feature>('../features/*/feature.ts', { eager: true, import: 'default' });
export const features: readonly Feature[] = Object.values(found);
export const places: readonly Place[] = features.flatMap((feature) => feature.places ?? []).sort((a, b) => a.order - b.order);

/** Adds the feature's own words to what each of its pages needs. */
function withMessages(feature: Feature, routes: RouteRecordRaw[] = []): RouteRecordRaw[] {
  return routes.map((route) => ({ ...route, meta: { ...route.meta, messages: [...(route.meta?.messages ?? []), feature.name] } }) as RouteRecordRaw);
}
export const openRoutes = features.flatMap((feature) => withMessages(feature, feature.routes));
export const accountRoutes = features.flatMap((feature) => withMessages(feature, feature.accountRoutes));

/** The first answer of the features, else the first place. */
export async function startOf(accountId: number): Promise<RouteLocationRaw> {
  for (const feature of features) {
    const start = await feature.startAt?.(accountId).catch(() => undefined);
    if (start) return start;
  }
  return places[0] ? { name: places[0].route, params: { accountId } } : { name: 'no-account' };
}
