import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { z } from 'zod';
import { ACCESS, BOTS_TOO, type Access } from '../../src/identity/access/access.decorators.js';
import type { TokenScope } from '../../src/identity/access/token-areas.js';
import { READS_ONLY, SCOPE_AREA, scopeNeeded, type ScopeDeclaration } from '../../src/identity/access/token-scopes.js';
import { call } from '../http.js';
import type { TestApp } from '../test-app.js';

/** One operation as its controller declares it. */
export interface Route {
  /** `POST /api/v1/accounts/{account_id}/labels`: how features name it. */
  name: string;
  method: string;
  path: string;
  /** The names in braces. */
  params: string[];
  access: Access;
  /** Bots may call it as well. */
  forBots: boolean;
  /** What a scoped token must have been made for; undefined when none opens it. */
  scope?: TokenScope | 'any';
  body?: z.ZodType;
  query?: z.ZodType;
  /** Takes something of the body or the query that no schema checks. */
  unchecked: boolean;
}

// Nest's own numbers of what a handler's parameter is taken from.
const [BODY, QUERY] = ['3', '4'];

/** Every route of the running application that its API document names, with what its controller says about it. */
export async function declaredRoutes(t: TestApp): Promise<Route[]> {
  const { body: document } = await call<{ paths: Record<string, Record<string, unknown>> }>(t, null, 'GET', '/api/openapi.json');
  const documented = new Set(Object.entries(document.paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`)));
  const routes = controllersOf(t).flatMap(({ prototype, type }) => new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => routesOf(t, type, prototype[name]!, name)));
  const declared = routes.filter((route) => documented.has(route.name));
  const unknown = [...documented].filter((name) => !declared.some((route) => route.name === name));
  if (unknown.length > 0) throw new Error(`The API document names routes that no controller declares: ${unknown.join(', ')}`);
  return declared;
}

type Handlers = Record<string, (...args: unknown[]) => unknown>;
const controllersOf = (t: TestApp): { prototype: Handlers; type: object }[] => t.app.get(DiscoveryService, { strict: false }).getControllers()
  .filter(({ instance, metatype }) => instance && metatype)
  .map(({ instance, metatype }) => ({ prototype: Object.getPrototypeOf(instance) as Handlers, type: metatype as object }));

function routesOf(t: TestApp, type: object, handler: Handlers[string], handlerName: string): Route[] {
  const paths = Reflect.getMetadata(PATH_METADATA, handler) as string | string[] | undefined;
  if (paths === undefined) return [];
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number]!;
  const args = Object.entries((Reflect.getMetadata(ROUTE_ARGS_METADATA, type, handlerName) ?? {}) as Record<string, { schema?: unknown; data?: unknown }>);
  const schemaOf = (kind: string): z.ZodType | undefined => args
    .filter(([key, arg]) => key.startsWith(`${kind}:`) && arg.schema instanceof z.ZodType && arg.data === undefined).map(([, arg]) => arg.schema as z.ZodType)[0];
  const unchecked = args.some(([key, arg]) => (key.startsWith(`${BODY}:`) || key.startsWith(`${QUERY}:`)) && !(arg.schema instanceof z.ZodType));
  const access = t.app.get(Reflector).getAllAndOverride<Access>(ACCESS, [handler, type as never]);
  const declared = <T>(key: string): T | undefined => t.app.get(Reflector).getAllAndOverride<T>(key, [handler, type as never]);
  const scope = scopeNeeded({ access, method, area: declared<ScopeDeclaration['area']>(SCOPE_AREA), readsOnly: declared<boolean>(READS_ONLY) });
  return [Reflect.getMetadata(PATH_METADATA, type) as string | string[]].flat().flatMap((base) => [paths].flat().map((own) => {
    const path = `/${[base, own].join('/').split('/').filter(Boolean).join('/')}`.replace(/:(\w+)/g, '{$1}');
    return {
      name: `${method} ${path}`, method, path, params: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!), access, scope, forBots: t.app.get(Reflector).get<boolean | undefined>(BOTS_TOO, handler) ?? false,
      body: schemaOf(BODY), query: schemaOf(QUERY), unchecked,
    };
  }));
}
