import { Global, Module } from '@nestjs/common';
import { AddressGuard } from './address-guard.js';
import { OutboundHttp } from './outbound-http.js';

@Global()
@Module({ providers: [AddressGuard, OutboundHttp], exports: [AddressGuard, OutboundHttp] })
export class OutboundHttpModule {}
