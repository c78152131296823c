import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { accountId } from '../../platform/database/account-id.js';
import { rememberAccount, rememberAsker } from '../../platform/http/request-account.js';
import { notFound, notPermitted, Problem } from '../../platform/http/problem.js';
import { ACCESS, rememberAccess, type Access } from './access.decorators.js';
import { Authenticator } from './authenticator.service.js';
import type { Member, Principal } from './principal.js';
import { SuperAdministrators } from './super-administrators.repository.js';

const SIGN_IN = 'You need to sign in or sign up before continuing.';

/** Asks every route's declared access before it runs. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector, private readonly authenticator: Authenticator, private readonly superAdministrators: SuperAdministrators) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [context.getHandler(), context.getClass()]);
    if (!access) throw new Error(`${context.getClass().name}.${context.getHandler().name} does not declare who may call it.`);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (access.who === 'public') return true;
    const principal = await this.authenticator.authenticate(request);
    if (!principal) throw new Problem('unauthenticated', SIGN_IN);
    rememberAsker(request, `user ${principal.userId}`);
    if (access.who === 'signed_in') {
      if (!access.beforeMfa) this.authenticator.demandMfa(principal);
      rememberAccess(request, { principal });
      return true;
    }
    if (access.who === 'super_administrator') {
      this.authenticator.demandMfa(principal);
      if (!await this.superAdministrators.includes(principal.userId)) throw notPermitted();
      rememberAccess(request, { principal });
      return true;
    }
    const member = await this.memberOf(principal, (request.params as Record<string, string>)['account_id'], access.strangersSee === 'nothing');
    this.authenticator.demandMfa(principal);
    if (access.role === 'administrator' && member.role !== 'administrator') throw notPermitted();
    rememberAccess(request, { principal, member });
    rememberAccount(request, member.accountId);
    return true;
  }

  private async memberOf(principal: Principal, id: string | undefined, hideFromStrangers: boolean): Promise<Member> {
    if (!id || !/^\d{1,15}$/.test(id) || Number(id) < 1) throw notFound();
    const account = accountId(Number(id));
    const membership = await this.authenticator.membership(principal.userId, account);
    if (membership === 'no_such_account' || (membership === 'not_a_member' && hideFromStrangers)) throw notFound();
    if (membership === 'not_a_member') throw new Problem('not_permitted', 'You are not authorized to access this account');
    return { accountId: account, userId: principal.userId, role: membership.role };
  }
}
