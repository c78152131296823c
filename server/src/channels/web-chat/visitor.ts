import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { InboxRow } from '../../inboxes/inboxes.repository.js';
import type { AccountId } from '../../platform/database/account-id.js';
import type { webChatConfig } from './web-chat.config.js';

/** Somebody on a website, as their token says. There is no row of theirs until they write. */
export interface Visitor {
  accountId: AccountId;
  inbox: InboxRow;
  config: ReturnType<typeof webChatConfig>;
  /** Sites that may carry this chat; empty: all. */
  sites: string[];
  sourceId: string;
  /** The request showed a token; without one the identity is new in this moment. */
  known: boolean;
  /** The token is old enough to be renewed. */
  stale: boolean;
}

export const TOKEN_OPTIONAL = 'visitor token optional';
/** The route also serves browsers that come for the first time. */
export const TokenOptional = () => SetMetadata(TOKEN_OPTIONAL, true);

const visitors = new WeakMap<object, Visitor>();
export const rememberVisitor = (request: FastifyRequest, visitor: Visitor): void => { visitors.set(request.raw, visitor); };

/** The visitor of a request that the visitor guard has let in. */
export function visitorOf(request: FastifyRequest): Visitor {
  const visitor = visitors.get(request.raw);
  if (!visitor) throw new Error('The route asks for a visitor but is not behind the visitor guard.');
  return visitor;
}

/** The visitor of this request; only behind the visitor guard. */
export const CurrentVisitor = createParamDecorator((_: unknown, context: ExecutionContext): Visitor => visitorOf(context.switchToHttp().getRequest<FastifyRequest>()));
