import { RequestMethod, type INestApplication } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS } from './access.decorators.js';

/** Refuses to start while a route does not say who may call it. */
export function refuseUndeclaredRoutes(app: INestApplication): void {
  const reflector = app.get(Reflector);
  const scanner = new MetadataScanner();
  const missing: string[] = [];
  for (const { instance, metatype } of app.get(DiscoveryService, { strict: false }).getControllers()) {
    if (!instance || !metatype) continue;
    const prototype = Object.getPrototypeOf(instance) as Record<string, (...args: unknown[]) => unknown>;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const handler = prototype[name]!;
      if (Reflect.getMetadata(PATH_METADATA, handler) === undefined) continue;
      if (reflector.getAllAndOverride(ACCESS, [handler, metatype as never]) === undefined) {
        missing.push(`${RequestMethod[Reflect.getMetadata('method', handler) as number]} ${metatype.name}.${name}`);
      }
    }
  }
  if (missing.length > 0) throw new Error(`These routes do not declare who may call them (@Public, @SignedIn, @MemberOnly, @AdministratorOnly, @SuperAdministratorOnly): ${missing.join(', ')}`);
}
