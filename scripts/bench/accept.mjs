export async function benchAccept() {}
