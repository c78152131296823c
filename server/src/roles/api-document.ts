import type { INestApplication } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ACCESS, type Access } from '../identity/access/access.decorators.js';
import { VERSION } from '../platform/config/version.js';
import { buildOpenApi } from '../platform/http/openapi.js';

interface Operation { operationId: string; parameters?: { name: string; in: string; required?: boolean; schema?: object }[]; requestBody?: object; security?: object[]; responses: Record<string, object> }

const OWN_PROOF = [{ api_access_token: [] }, { session: [] }, { access_token: [], client: [], uid: [] }];
const text = { type: 'string' };
const json = (description: string, properties: Record<string, object>): object => ({ description, content: { 'application/json': { schema: { type: 'object', properties } } } });
const REFUSALS = {
  NotAllowed: { status: '401', ...json('Nobody is signed in, or this person or token may not do this.', { error: text, errors: { type: 'array', items: text } }) },
  Missing: { status: '404', ...json('There is no such thing, or it is another account\'s.', { error: text }) },
  Wrong: { status: '422', ...json('What was sent is wrong; `attributes` names the fields.', { error: text, message: text, attributes: { type: 'array', items: text } }) },
  TooMany: { status: '429', ...json('Too many requests; `Retry-After` says in how many seconds to go on.', { error: text }) },
};

/** The description of the whole API: every route, who may call it, and how it refuses. */
export function apiDocument(app: INestApplication): OpenAPIObject {
  const document = buildOpenApi(app, VERSION);
  const access = accessByOperation(app);
  for (const [path, item] of Object.entries(document.paths)) {
    for (const operation of Object.values(item as Record<string, Operation>)) {
      nameEveryPart(path, operation);
      // A handler with several paths is several operations.
      const who = access.get(operation.operationId.replace(/\[\d+\]$/, ''));
      if (who === undefined) throw new Error(`Nobody knows who may call ${operation.operationId}.`);
      operation.security = who.who === 'public' ? [] : who.who === 'platform' ? [{ api_access_token: [] }] : OWN_PROOF;
      for (const [name, { status }] of Object.entries(REFUSALS)) {
        if (canBe(status, path, operation, who)) operation.responses[status] ??= { $ref: `#/components/responses/${name}` };
      }
    }
  }
  const components = document.components ??= {};
  components.responses = Object.fromEntries(Object.entries(REFUSALS).map(([name, { status: _, ...response }]) => [name, response])) as never;
  for (const name of ['access_token', 'client', 'uid']) {
    components.securitySchemes![name] = { type: 'apiKey', in: 'header', name: name.replace('_', '-'), description: 'All three, as POST /auth/sign_in answers them.' };
  }
  return document;
}

/** Guards read the account from the path by themselves, so its handlers do not name it. */
function nameEveryPart(path: string, operation: Operation): void {
  const named = new Set(operation.parameters?.filter((parameter) => parameter.in === 'path').map(({ name }) => name));
  const missing = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).filter((name) => !named.has(name));
  operation.parameters = [...missing.map((name) => ({ name, in: 'path', required: true, schema: { type: name === 'account_id' ? 'integer' : 'string' } })), ...operation.parameters ?? []];
}

function canBe(status: string, path: string, { parameters, requestBody }: Operation, { who }: Access): boolean {
  if (status === '401') return who !== 'public';
  if (status === '404') return path.includes('{');
  return status === '429' ? /^\/(api|auth|public|platform)\b/.test(path) : requestBody !== undefined || (parameters ?? []).some((parameter) => parameter.in === 'query');
}

function accessByOperation(app: INestApplication): Map<string, Access> {
  const scanner = new MetadataScanner();
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]).flatMap(({ metatype }) => (typeof metatype === 'function' ? [metatype] : []));
  return new Map(controllers.flatMap((controller) => {
    const handlers = controller.prototype as Record<string, object>;
    return scanner.getAllMethodNames(handlers).flatMap((name) => {
      const access = (Reflect.getMetadata(ACCESS, handlers[name]!) ?? Reflect.getMetadata(ACCESS, controller)) as Access | undefined;
      return access ? [[`${controller.name}_${name}`, access] as const] : [];
    });
  }));
}
