import { PolicyPack } from "@pulumi/policy";

import { policies } from "./policies";

new PolicyPack("logharbor", { policies, enforcementLevel: "mandatory" });
