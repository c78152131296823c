import { Module } from '@nestjs/common';
import { VisitorTokens } from './visitor-tokens.service.js';
import { WebChatChannel } from './web-chat.channel.js';

/** Chat on a website: its settings, its page and its own small API. */
@Module({ providers: [WebChatChannel, VisitorTokens], exports: [WebChatChannel] })
export class WebChatModule {}
