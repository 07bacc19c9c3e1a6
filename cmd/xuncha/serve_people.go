package main

import (
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"strings"

	"xuncha/internal/egress"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/store"
)

// issuerFlags say who else may say who somebody is.
type issuerFlags struct {
	Issuer string `name:"oidc-issuer" help:"OpenID Connect issuer that may say who somebody is; needs --url." zh:"统一身份认证（OpenID Connect）的签发者地址，须同时指定 --url。" placeholder:"URL"`
	Client string `name:"oidc-client" help:"Our client ID there." zh:"在统一身份认证登记的客户端编号。" placeholder:"ID"`
	Secret string `name:"oidc-secret-file" help:"File with our client secret there." zh:"存放客户端密钥的文件。" placeholder:"FILE"`
	Claim  string `name:"oidc-claim" help:"Claim that holds the name to log in with." zh:"以哪个声明作为登录名。" default:"preferred_username" placeholder:"NAME"`
}

// openPeople opens the gate. reached is where users reach the console, "" where
// that is not configured.
func (a *app) openPeople(st *store.Store, proxies []netip.Prefix, reached string, f issuerFlags, city func() *inventory.City) (*people.Gate, error) {
	cfg := people.Config{Store: st, Proxies: proxies, Log: a.log}
	if f.Issuer != "" {
		var err error
		if cfg.Issuer, err = f.issuer(reached, city); err != nil {
			return nil, err
		}
	}
	return people.Open(cfg)
}

// issuer is asked by the city's own way out, as configured at that moment, and for real
// where the city is simulated.
func (f issuerFlags) issuer(reached string, city func() *inventory.City) (*people.Issuer, error) {
	if reached == "" {
		return nil, usage("--oidc-issuer needs --url, to which the issuer sends people back")
	}
	var secret []byte
	if f.Secret != "" {
		var err error
		if secret, err = os.ReadFile(f.Secret); err != nil {
			return nil, fmt.Errorf("client secret: %w", err)
		}
	}
	out := &wayOut{city: city, ports: func() []uint16 { return egress.PortsOf(f.Issuer) }}
	if _, _, err := out.now(); err != nil {
		return nil, err
	}
	return &people.Issuer{
		URL: f.Issuer, ClientID: f.Client, ClientSecret: strings.TrimSpace(string(secret)), Claim: f.Claim,
		Return: strings.TrimSuffix(reached, "/") + "/login/return", Client: &http.Client{Transport: out},
	}, nil
}
