import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { accountId, type AccountId } from '../../platform/database/account-id.js';
import { rememberAccount, rememberAsker } from '../../platform/http/request-account.js';
import { notFound, notPermitted, Problem } from '../../platform/http/problem.js';
import { ACCESS, BOTS_TOO, FRESH_PROOF, rememberAccess, type Access } from './access.decorators.js';
import { Authenticator } from './authenticator.service.js';
import { Machines } from './machines.service.js';
import { NO_PERSON, type Member, type Principal } from './principal.js';
import type { Grant } from './token-areas.js';
import { demandScope, READS_ONLY, SCOPE_AREA, type ScopeDeclaration } from './token-scopes.js';
import { SuperAdministrators } from './super-administrators.repository.js';

const SIGN_IN = 'You need to sign in or sign up before continuing.';

/** Asks every route's declared access before it runs. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector, private readonly authenticator: Authenticator, private readonly machines: Machines, private readonly superAdministrators: SuperAdministrators,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [context.getHandler(), context.getClass()]);
    if (!access) throw new Error(`${context.getClass().name}.${context.getHandler().name} does not declare who may call it.`);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (access.who === 'public') return true;
    if (access.who === 'platform') return this.letPlatformIn(request);
    if (this.machines.isBot(request)) return this.letBotIn(request, access, this.reflector.getAllAndOverride<boolean | undefined>(BOTS_TOO, [context.getHandler()]) ?? false);
    const principal = await this.authenticator.authenticate(request);
    if (!principal) throw new Problem('unauthenticated', SIGN_IN);
    rememberAsker(request, `user ${principal.userId}`);
    if (principal.grant) this.demandScope(principal.grant, context, access);
    if (access.who === 'signed_in') {
      if (!access.beforeMfa) this.authenticator.demandMfa(principal);
      this.demandProof(principal, context);
      rememberAccess(request, { principal });
      return true;
    }
    if (access.who === 'super_administrator') {
      this.authenticator.demandMfa(principal);
      if (!await this.superAdministrators.includes(principal.userId)) throw notPermitted();
      this.demandProof(principal, context);
      rememberAccess(request, { principal });
      return true;
    }
    const member = { ...await this.memberOf(principal, request, access.strangersSee === 'nothing'), ...(principal.proof === 'cookie' && !this.wantsProof(context) && { unproved: true as const }) };
    this.authenticator.demandMfa(principal);
    if (access.role === 'administrator' && member.role !== 'administrator') throw notPermitted();
    this.demandProof(principal, context);
    rememberAccess(request, { principal, member });
    rememberAccount(request, member.accountId);
    return true;
  }

  private demandProof(principal: Principal, context: ExecutionContext): void {
    if (this.wantsProof(context)) this.authenticator.demandFreshProof(principal);
  }

  private wantsProof(context: ExecutionContext): boolean {
    return this.reflector.getAllAndOverride<boolean | undefined>(FRESH_PROOF, [context.getHandler()]) ?? false;
  }

  private demandScope(grant: Grant, context: ExecutionContext, access: Access): void {
    const targets = [context.getHandler(), context.getClass()];
    demandScope(grant, {
      access, area: this.reflector.getAllAndOverride<ScopeDeclaration['area']>(SCOPE_AREA, targets), readsOnly: this.reflector.getAllAndOverride<boolean | undefined>(READS_ONLY, targets),
      method: context.switchToHttp().getRequest<FastifyRequest>().method,
    });
  }

  private async letPlatformIn(request: FastifyRequest): Promise<boolean> {
    const platformAppId = await this.machines.platformApp(request);
    rememberAsker(request, `platform ${platformAppId}`);
    rememberAccess(request, { platformAppId });
    return true;
  }

  private async letBotIn(request: FastifyRequest, access: Access, botsToo: boolean): Promise<boolean> {
    const bot = await this.machines.bot(request);
    if (access.who !== 'member' || !botsToo) throw new Problem('not_permitted', 'Access to this endpoint is not authorized for bots');
    const account = accountInPath(request);
    if (!await this.machines.servesAccount(bot, account)) throw new Problem('not_permitted', 'You are not authorized to access this account');
    rememberAsker(request, `bot ${bot.id}`);
    rememberAccess(request, { member: { accountId: account, userId: NO_PERSON, role: 'administrator', botId: bot.id } });
    rememberAccount(request, account);
    return true;
  }

  private async memberOf(principal: Principal, request: FastifyRequest, hideFromStrangers: boolean): Promise<Member> {
    const account = accountInPath(request);
    const membership = await this.authenticator.membership(principal.userId, account);
    if (membership === 'no_such_account' || (membership === 'not_a_member' && hideFromStrangers)) throw notFound();
    if (membership === 'not_a_member') throw new Problem('not_permitted', 'You are not authorized to access this account');
    if (principal.grant && principal.grant.accountId !== account) throw new Problem('not_permitted', 'You are not authorized to access this account');
    return { accountId: account, userId: principal.userId, role: membership.role, ...(principal.grant && { scoped: true as const }) };
  }
}

function accountInPath(request: FastifyRequest): AccountId {
  const id = (request.params as Record<string, string>)['account_id'];
  if (!id || !/^\d{1,15}$/.test(id) || Number(id) < 1) throw notFound();
  return accountId(Number(id));
}
