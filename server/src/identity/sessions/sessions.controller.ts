import { Controller, Delete, Get, Param } from '@nestjs/common';
import type { z } from 'zod';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { CurrentUser, SignedIn } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { SessionList } from './session.dto.js';
import { Sessions } from './sessions.service.js';
import { deviceName } from './user-agent.js';

const unix = (date: Date): number => Math.floor(date.getTime() / 1000);

/** A person's own sessions. */
@SignedIn({ beforeMfa: true })
@Controller('api/v1/profile/sessions')
export class SessionsController {
  constructor(private readonly sessions: Sessions, private readonly system: SystemWork) {}

  @Get()
  @answers(SessionList)
  async list(@CurrentUser() user: Principal): Promise<z.infer<typeof SessionList>> {
    const rows = await this.sessions.list(user.userId);
    return {
      payload: rows.map((row) => {
        const device = deviceName(row.user_agent);
        return {
          id: row.id, current: row.id === user.sessionId, browser_name: device.browser, platform_name: device.platform, ip_address: row.ip_address,
          created_at: unix(row.created_at), last_activity_at: unix(row.last_used_at),
        };
      }),
    };
  }

  @Delete(':id')
  @answersEmpty()
  async end(@CurrentUser() user: Principal, @Param('id', { schema: pathId }) id: number): Promise<void> {
    await this.sessions.end(user.userId, id);
  }

  @Delete()
  @answersEmpty(200, 'Ends all sessions but the one that asks.')
  async endOthers(@CurrentUser() user: Principal): Promise<void> {
    await this.system.run((tx) => this.sessions.endOthers(tx, user.userId, user.sessionId));
  }
}
