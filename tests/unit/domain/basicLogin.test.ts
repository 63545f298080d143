import assert from "node:assert/strict";
import { basicLogin } from "../../../domain/basicLogin";

describe("a basic login", () => {
  it("is what RFC 7617 has as its examples, in UTF-8", () => {
    assert.deepEqual(basicLogin("Aladdin", "open sesame"), { Authorization: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" });
    assert.deepEqual(basicLogin("test", "123£"), { Authorization: "Basic dGVzdDoxMjPCow==" });
  });
});
