import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import type { z } from 'zod';
import { AdministratorOnly, CurrentMember, WantsFreshProof } from '../../identity/access/access.decorators.js';
import { maySeeSecrets, shownSecret, type Member } from '../../identity/access/principal.js';
import { InboxesRepository } from '../../inboxes/inboxes.repository.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { AddressGuard, AddressRefused } from '../../platform/outbound-http/address-guard.js';
import { CreateWebhook, DEFAULT_SUBSCRIPTIONS, OneWebhook, UpdateWebhook, WebhookList, type WireWebhook } from './webhook.dto.js';
import { WebhooksRepository, type ListedWebhook } from './webhooks.repository.js';

type One = z.infer<typeof OneWebhook>;
const seconds = (date: Date | null): number | null => date && Math.floor(date.getTime() / 1000);
const taken = () => invalid('url', 'Url has already been taken');

/** Addresses that are told what happens in the account. */
@Controller('api/v1/accounts/:account_id/webhooks')
@AdministratorOnly()
export class WebhooksController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly webhooks: WebhooksRepository, private readonly inboxes: InboxesRepository, private readonly guard: AddressGuard) {}

  @Get()
  @answers(WebhookList)
  list(@CurrentMember() me: Member): Promise<z.infer<typeof WebhookList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ payload: { webhooks: (await this.webhooks.list(tx)).map((row) => this.present(row, me)) } }));
  }

  @Post()
  @WantsFreshProof()
  @answers(OneWebhook)
  create(@CurrentMember() me: Member, @Body({ schema: CreateWebhook }) body: CreateWebhook): Promise<One> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (body.inbox_id != null && !await this.inboxes.find(tx, body.inbox_id)) throw invalid('inbox_id', 'is not an inbox of this account');
      const id = await this.webhooks.insert(tx, { ...body, url: this.checked(body.url), subscriptions: body.subscriptions ?? DEFAULT_SUBSCRIPTIONS });
      if (id === undefined) throw taken();
      return this.show(tx, me, id);
    });
  }

  @Patch(':webhook_id')
  @WantsFreshProof()
  @answers(OneWebhook)
  update(@CurrentMember() me: Member, @Param('webhook_id', { schema: pathId }) id: number, @Body({ schema: UpdateWebhook }) body: UpdateWebhook): Promise<One> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.webhooks.find(tx, id)) throw notFound();
      const url = body.url === undefined ? undefined : this.checked(body.url);
      if (url !== undefined && await this.webhooks.isUrlTaken(tx, url, id)) throw taken();
      await this.webhooks.update(tx, id, { ...body, url });
      return this.show(tx, me, id);
    });
  }

  @Delete(':webhook_id')
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('webhook_id', { schema: pathId }) id: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => { if (!await this.webhooks.remove(tx, id)) throw notFound(); });
  }

  /** What waited while it was switched off is told now, unless that was too long. */
  @Post(':webhook_id/enable')
  @answers(OneWebhook)
  enable(@CurrentMember() me: Member, @Param('webhook_id', { schema: pathId }) id: number): Promise<One> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.webhooks.find(tx, id)) throw notFound();
      await this.webhooks.enable(tx, id);
      return this.show(tx, me, id);
    });
  }

  /** The same with its secret, which a browser is shown as dots elsewhere. */
  @Get(':webhook_id/secrets')
  @WantsFreshProof()
  @answers(OneWebhook)
  findWithSecrets(@CurrentMember() me: Member, @Param('webhook_id', { schema: pathId }) id: number): Promise<One> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.webhooks.find(tx, id)) throw notFound();
      return this.show(tx, me, id);
    });
  }

  /** What is told from now on is signed with the new one. */
  @Post(':webhook_id/reset_secret')
  @WantsFreshProof()
  @answers(OneWebhook)
  resetSecret(@CurrentMember() me: Member, @Param('webhook_id', { schema: pathId }) id: number): Promise<One> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.webhooks.find(tx, id)) throw notFound();
      await this.webhooks.resetSecret(tx, id);
      return this.show(tx, me, id);
    });
  }

  private async show(tx: Tx, me: Member, id: number): Promise<One> {
    return { payload: { webhook: this.present((await this.webhooks.find(tx, id))!, me) } };
  }

  private present(row: ListedWebhook, me: Member): WireWebhook {
    return {
      id: row.id, name: row.name, url: row.url, account_id: row.account_id, subscriptions: row.subscriptions, secret: maySeeSecrets(me) ? shownSecret(me, this.webhooks.secretOf(row)) : '',
      ...(row.inbox_id !== null && row.inbox_name !== null && { inbox: { id: row.inbox_id, name: row.inbox_name } }),
      disabled_at: seconds(row.disabled_at), failing_since: seconds(row.failing_since), last_success_at: seconds(row.last_success_at), last_error: row.last_error,
      next_try_at: seconds(row.next_try_at), waiting_count: row.waiting,
    };
  }

  private checked(url: string): string {
    try {
      return this.guard.parse(url).toString();
    } catch (error) {
      if (error instanceof AddressRefused) throw invalid('url', `Url is invalid. ${error.message}`);
      throw error;
    }
  }
}
