import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { CurrentPlatformApp, PlatformOnly } from '../../identity/access/access.decorators.js';
import { ApiTokens } from '../../identity/api-tokens/api-tokens.repository.js';
import { OneTimeTokens } from '../../identity/one-time-tokens/one-time-tokens.repository.js';
import { User } from '../../identity/users/user.dto.js';
import { UserPresenter } from '../../identity/users/user.presenter.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { requestOrigin } from '../../platform/http/request-origin.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { KeepPlatformUsers } from './keep-platform-users.service.js';
import { CreatePlatformUser, LoginLink, UpdatePlatformUser, UserToken } from './platform.dto.js';
import { PlatformPermissions } from './platform-permissions.repository.js';

const byId = { schema: pathId };

/** People that an app made. */
@Controller('platform/api/v1/users')
@PlatformOnly()
export class PlatformUsersController {
  constructor(
    private readonly system: SystemWork, private readonly permissions: PlatformPermissions, private readonly users: KeepPlatformUsers, private readonly presenter: UserPresenter,
    private readonly tokens: OneTimeTokens, private readonly apiTokens: ApiTokens, @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Somebody with this address already is not changed: the answer names them, and the app may add them to its accounts. A new person's token is shown in this one answer. */
  @Post()
  @answers(User)
  async create(@CurrentPlatformApp() app: number, @Body({ schema: CreatePlatformUser }) body: CreatePlatformUser): Promise<User> {
    const { id, token, made } = await this.users.create(app, body);
    if (!made) return this.presenter.presentNamed(id);
    return this.presenter.present({ userId: id, byTheirToken: true }, token);
  }

  @Get(':platform_user_id')
  @answers(User)
  async show(@CurrentPlatformApp() app: number, @Param('platform_user_id', byId) id: number): Promise<User> {
    await this.system.run((tx) => this.permissions.demand(tx, app, 'user', id));
    return this.presenter.present({ userId: id, byTheirToken: true });
  }

  @Patch(':platform_user_id')
  @answers(User)
  async update(@CurrentPlatformApp() app: number, @Param('platform_user_id', byId) id: number, @Body({ schema: UpdatePlatformUser }) body: UpdatePlatformUser): Promise<User> {
    await this.users.update(app, id, body);
    return this.presenter.present({ userId: id, byTheirToken: true });
  }

  @Delete(':platform_user_id')
  @answersEmpty()
  async remove(@CurrentPlatformApp() app: number, @Param('platform_user_id', byId) id: number): Promise<void> {
    await this.users.remove(app, id);
  }

  /** A token to work with in this person's name, readable in this one answer. Each call makes another; the newest five that the app asked for work. */
  @Post(':platform_user_id/token')
  @answers(UserToken)
  async token(@CurrentPlatformApp() app: number, @Param('platform_user_id', byId) id: number): Promise<z.infer<typeof UserToken>> {
    const made = await this.system.run(async (tx) => {
      await this.permissions.demand(tx, app, 'user', id);
      return this.apiTokens.issueForApp(tx, app, id);
    });
    const user = await this.presenter.present({ userId: id, tokenId: made.id }, made.token);
    return { access_token: made.token, expiry: null, user };
  }

  /** A link that signs this person in once, within five minutes. Who has a second factor is still asked for it. */
  @Get(':platform_user_id/login')
  @answers(LoginLink)
  async login(@CurrentPlatformApp() app: number, @Param('platform_user_id', byId) id: number, @Req() request: FastifyRequest): Promise<z.infer<typeof LoginLink>> {
    const { token, email } = await this.system.run(async (tx) => {
      await this.permissions.demand(tx, app, 'user', id);
      const user = await tx.one<{ email: string }>('SELECT email FROM users WHERE id = $1', [id]);
      return { token: await this.tokens.issue(tx, 'sso_sign_in', { userId: id }), email: user!.email };
    });
    return { url: `${requestOrigin(this.config, request)}/app/login?email=${encodeURIComponent(email)}&sso_auth_token=${encodeURIComponent(token)}` };
  }
}
