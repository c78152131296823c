import { Body, Controller, Get, Patch, Put } from '@nestjs/common';
import { z } from 'zod';
import { CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers } from '../../platform/http/answers.js';
import { flatOrWrapped, formList } from '../../platform/http/schema-fields.js';
import { flagsOf, KIND_NAMES, kindsOf, type Flags, type Kind } from '../notification-kinds.js';
import { NotificationSettingsRepository } from './settings.repository.js';

const named = (way: string): [string, ...string[]] => KIND_NAMES.map((kind) => `${way}_${kind}`) as [string, ...string[]];
const flags = (way: string) => formList(z.enum(named(way)), 50).optional();
const ChangeSettings = flatOrWrapped('notification_settings', z.object({ selected_email_flags: flags('email'), selected_push_flags: flags('push'), selected_in_app_flags: flags('in_app') }));
const SettingsSchema = z.object({
  id: z.int(), user_id: z.int(), account_id: z.int(), all_email_flags: z.array(z.string()), selected_email_flags: z.array(z.string()), all_push_flags: z.array(z.string()),
  selected_push_flags: z.array(z.string()), all_in_app_flags: z.array(z.string()), selected_in_app_flags: z.array(z.string()),
}).meta({ id: 'NotificationSettings' });
type Settings = z.infer<typeof SettingsSchema>;

/** How the signed-in person is told of what: in the dashboard, by mail, on their devices. */
@Controller('api/v1/accounts/:account_id/notification_settings')
@MemberOnly()
export class NotificationSettingsController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly settings: NotificationSettingsRepository) {}

  @Get()
  @answers(SettingsSchema)
  show(@CurrentMember() me: Member): Promise<Settings> {
    return this.unitOfWork.run(me.accountId, async (tx) => present(me, await this.settings.of(tx, me.userId)));
  }

  /** What is given is replaced as a whole. */
  @Put()
  @answers(SettingsSchema)
  replace(@CurrentMember() me: Member, @Body({ schema: ChangeSettings }) body: z.infer<typeof ChangeSettings>): Promise<Settings> {
    return this.update(me, body);
  }

  @Patch()
  @answers(SettingsSchema)
  change(@CurrentMember() me: Member, @Body({ schema: ChangeSettings }) body: z.infer<typeof ChangeSettings>): Promise<Settings> {
    return this.update(me, body);
  }

  private update(me: Member, body: z.infer<typeof ChangeSettings>): Promise<Settings> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const known = await this.settings.of(tx, me.userId);
      const chosen = {
        email_flags: chosenOf('email', body.selected_email_flags) ?? known.email_flags, push_flags: chosenOf('push', body.selected_push_flags) ?? known.push_flags,
        in_app_flags: chosenOf('in_app', body.selected_in_app_flags) ?? known.in_app_flags,
      };
      await this.settings.write(tx, me.userId, chosen);
      return present(me, chosen);
    });
  }
}

const chosenOf = (way: string, names: string[] | undefined): number | undefined => names && flagsOf(names.map((name) => name.slice(way.length + 1) as Kind));
const present = (me: Member, flagsNow: Flags): Settings => ({
  id: me.userId, user_id: me.userId, account_id: me.accountId,
  all_email_flags: named('email'), selected_email_flags: kindsOf(flagsNow.email_flags).map((kind) => `email_${kind}`),
  all_push_flags: named('push'), selected_push_flags: kindsOf(flagsNow.push_flags).map((kind) => `push_${kind}`),
  all_in_app_flags: named('in_app'), selected_in_app_flags: kindsOf(flagsNow.in_app_flags).map((kind) => `in_app_${kind}`),
});
