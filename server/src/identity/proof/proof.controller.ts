import { Body, Controller, Get, Post } from '@nestjs/common';
import { answersEmpty } from '../../platform/http/answers.js';
import { CurrentUser, SignedIn, WantsFreshProof } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { GivenProof } from './proof.dto.js';
import { Prove } from './prove.service.js';

/** Proving once more who one is, before what is sensitive. */
@SignedIn({ beforeMfa: true })
@Controller('api/v1/profile/proof')
export class ProofController {
  constructor(private readonly prove: Prove) {}

  /** For what a browser fetches by itself, such as a file to keep: asked before the address is opened. */
  @Get()
  @WantsFreshProof()
  @answersEmpty(204, 'The proof is fresh.')
  fresh(): void {
    // The guard has looked.
  }

  /** For five minutes after this the session may do what is answered 403 with `error_code: "proof_required"`. */
  @Post()
  @answersEmpty(204)
  take(@CurrentUser() user: Principal, @Body({ schema: GivenProof }) body: GivenProof): Promise<void> {
    return this.prove.prove(user, body);
  }
}
