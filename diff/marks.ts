/** What a reader sees in place of a secret. */
export const secretMark = "[secret]";
/** What a reader sees in place of a secret that differs from the one before. */
export const newSecretMark = "[new secret]";
