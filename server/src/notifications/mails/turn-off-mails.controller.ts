import { Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiProduces, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { tame } from '../../identity/mails/write-mail.js';
import { Public } from '../../identity/access/access.decorators.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { formPageHeaders } from '../../platform/pages/page-headers.js';
import { escapePage, plainPage } from '../../platform/pages/plain-page.js';
import { mailLanguage, NOTIFICATION_MAIL_WORDS } from './mail-words.js';
import { TurnOffMails } from './turn-off-mails.service.js';

const Token = z.string();

/** The page behind List-Unsubscribe of notification mails. Looking changes nothing, for programs look too; a POST, of the button or of a mail program's own one click, does. */
@Public()
@Controller('notification-mails/:token')
export class TurnOffMailsController {
  private readonly headers: Record<string, string>;

  constructor(private readonly mails: TurnOffMails, @Inject(CONFIG) config: Config) {
    this.headers = formPageHeaders(config.PUBLIC_URL?.startsWith('https:') ?? false);
  }

  @Get()
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'The page that asks.' })
  show(@Param('token', { schema: Token }) token: string, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(token, 'ask', reply);
  }

  @Post()
  @HttpCode(200)
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'They are off.' })
  async turnOff(@Param('token', { schema: Token }) token: string, @Res() reply: FastifyReply): Promise<void> {
    const whose = await this.mails.whose(token);
    if (whose) await this.mails.turnOff(whose.account, whose.userId);
    return this.answer(token, 'done', reply);
  }

  private async answer(token: string, state: 'ask' | 'done', reply: FastifyReply): Promise<void> {
    const whose = await this.mails.whose(token);
    const language = mailLanguage(whose?.person.locale ?? null);
    const { off, preferences } = NOTIFICATION_MAIL_WORDS[language]!;
    const title = whose ? off[state].replace('{account}', tame(whose.person.account_name)) : off.missing;
    const link = whose && `<a href="${escapePage(this.mails.preferencesLink(whose.account))}">${escapePage(preferences)}</a>`;
    const body = !whose ? `<p>${escapePage(off.missingMore)}</p>` : state === 'ask'
      ? `<p>${escapePage(off.askMore)}</p><form method="post"><button type="submit">${escapePage(off.turnOff)}</button></form>` : `<p role="status">${escapePage(off.doneMore)} ${link}</p>`;
    void reply.status(whose ? 200 : 404).headers({ ...this.headers, 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', 'Content-Language': language })
      .send(plainPage({ language, title, body: `<h1>${escapePage(title)}</h1>${body}` }));
  }
}
