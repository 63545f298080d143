package main

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/minio/minio-go/v7/pkg/signer"
	"github.com/secure-io/sio-go"
	"golang.org/x/crypto/argon2"
)

// admin calls MinIO's interface for administrators. MinIO's own library for it is AGPL, so that nothing of ours links it.
type admin struct {
	url          string
	user, secret string
	region       string
	http         *http.Client
}

type account struct {
	Policies string `json:"policyName"`
	Status   string `json:"status"`
}

const (
	enabled  = "enabled"
	disabled = "disabled"
)

// adminError is MinIO's answer to a call that it refuses.
type adminError struct {
	Code    string `json:"Code"`
	Message string `json:"Message"`
}

func (e *adminError) Error() string { return e.Message }

// setUser adds a user, or gives it another secret.
func (a *admin) setUser(ctx context.Context, name, secret, status string) error {
	body, err := json.Marshal(map[string]string{"secretKey": secret, "status": status})
	if err != nil {
		return err
	}
	sealed, err := seal(a.secret, body)
	if err != nil {
		return err
	}
	_, err = a.call(ctx, http.MethodPut, "add-user", url.Values{"accessKey": {name}}, sealed)
	return err
}

func (a *admin) setUserStatus(ctx context.Context, name, status string) error {
	_, err := a.call(ctx, http.MethodPut, "set-user-status", url.Values{"accessKey": {name}, "status": {status}}, nil)
	return err
}

func (a *admin) userInfo(ctx context.Context, name string) (info account, err error) {
	answer, err := a.call(ctx, http.MethodGet, "user-info", url.Values{"accessKey": {name}}, nil)
	if err == nil {
		err = json.Unmarshal(answer, &info)
	}
	return info, err
}

func (a *admin) removeUser(ctx context.Context, name string) error {
	_, err := a.call(ctx, http.MethodDelete, "remove-user", url.Values{"accessKey": {name}}, nil)
	return err
}

// setUserPolicies sets all of a user's policies, separated by commas.
func (a *admin) setUserPolicies(ctx context.Context, user, policies string) error {
	query := url.Values{"userOrGroup": {user}, "isGroup": {"false"}, "policyName": {policies}}
	_, err := a.call(ctx, http.MethodPut, "set-user-or-group-policy", query, nil)
	return err
}

func (a *admin) addPolicy(ctx context.Context, name string, policy []byte) error {
	_, err := a.call(ctx, http.MethodPut, "add-canned-policy", url.Values{"name": {name}}, policy)
	return err
}

func (a *admin) policy(ctx context.Context, name string) ([]byte, error) {
	return a.call(ctx, http.MethodGet, "info-canned-policy", url.Values{"name": {name}}, nil)
}

func (a *admin) removePolicy(ctx context.Context, name string) error {
	_, err := a.call(ctx, http.MethodDelete, "remove-canned-policy", url.Values{"name": {name}}, nil)
	return err
}

func (a *admin) call(ctx context.Context, method, operation string, query url.Values, body []byte) ([]byte, error) {
	target := fmt.Sprintf("%s/minio/admin/v3/%s?%s", a.url, operation, query.Encode())
	request, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	request.Header.Set("X-Amz-Content-Sha256", hex.EncodeToString(sum[:]))
	response, err := a.http.Do(signer.SignV4(*request, a.user, a.secret, "", a.region))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode == http.StatusOK {
		return answer, err
	}
	refusal := adminError{Message: fmt.Sprintf("%s: %s", operation, response.Status)}
	_ = json.Unmarshal(answer, &refusal) // a proxy on the way answers otherwise
	return nil, &refusal
}

// seal encrypts what only MinIO may read with the administrator's secret: salt, the kind of encryption, nonce, and the text in secure-io's form.
func seal(secret string, text []byte) ([]byte, error) {
	const argon2idAESGCM = 0
	salt, nonce := make([]byte, 32), make([]byte, 8)
	_, _ = rand.Read(salt) // it never fails
	_, _ = rand.Read(nonce)
	block, err := aes.NewCipher(argon2.IDKey([]byte(secret), salt, 1, 64<<10, 4, 32))
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	sealed := bytes.NewBuffer(append(append(salt, argon2idAESGCM), nonce...))
	writer := sio.NewStream(aead, sio.BufSize).EncryptWriter(sealed, nonce, nil)
	if _, err := writer.Write(text); err != nil {
		return nil, err
	}
	err = writer.Close()
	return sealed.Bytes(), err
}
