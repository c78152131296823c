import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { Public } from '../../identity/access/access.decorators.js';
import { answersEmpty } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { line } from '../../platform/http/schema-fields.js';
import { OwnDomains } from './own-domains.service.js';

const Domain = z.object({ domain: line(253) });

/** For a web server in front that fetches certificates as they are needed: whether it should have one for a name. */
@Public()
@Controller('hc-domains')
export class OwnDomainsController {
  constructor(private readonly domains: OwnDomains) {}

  @Get('ask')
  @answersEmpty(200, 'A help centre is read at this name. Otherwise 404.')
  async ask(@Query({ schema: Domain }) { domain }: z.infer<typeof Domain>): Promise<void> {
    if (!await this.domains.portalOf(domain)) throw notFound();
  }
}
