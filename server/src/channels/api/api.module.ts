import { Module } from '@nestjs/common';
import { ApiChannel } from './api.channel.js';

/** An inbox for the customer's own programs. */
@Module({ providers: [ApiChannel], exports: [ApiChannel] })
export class ApiModule {}
