import type { FastifyInstance, RouteOptions } from 'fastify';

const changing = new WeakMap<FastifyInstance, RouteOptions[]>();

/** Remembers which routes change something, from here on. */
export function noteChangingRoutes(server: FastifyInstance): void {
  const noted: RouteOptions[] = [];
  changing.set(server, noted);
  server.addHook('onRoute', (route) => { if (route.method === 'PATCH') noted.push(route); });
}

/** Chatwoot changes by PUT whatever it changes by PATCH, and programs send either. To be called when every route is there: one with a PUT of its own keeps it. */
export function answerPutLikePatch(server: FastifyInstance): void {
  for (const route of changing.get(server) ?? []) {
    if (!server.hasRoute({ method: 'PUT', url: route.url })) server.route({ ...route, method: 'PUT' });
  }
}
