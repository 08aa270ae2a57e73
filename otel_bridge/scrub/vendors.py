"""Names of services that hand out keys: next to one of them a random string is a credential."""

VENDORS = frozenset(
    """abstractapi abuseipdb abyssale accuweather adafruit adobe adyen agora ahrefs aikido airbrake
    airbyte aircall airship airtable aiven akamai alchemy algolia alibaba aliyun amplitude anthropic
    anypoint apacta apify apigee apilayer apimatic apitemplate apollo appcenter appcues appdynamics
    appfollow appoptics appsflyer appveyor artifactory asana assemblyai atera atlassian audd auth0
    authy autodesk autopilot avaza aviationstack aweber awin axonaut aylien ayrshare azure backblaze
    bamboo bannerbear baremetrics beamer beebole betterstack bing binance bitbar bitbucket bitcoin
    bitfinex bitly bitmex bitrise bittrex blazemeter blockchain blocknative blogger bombbomb bored
    box braintree brandfetch braze brex brevo browserstack browshot bubble buddy bugherd bugsnag
    buildkite bulksms buttercms caflou calendarific calendly campayn canny capsule captaindata
    carbon cashboard catalyst censys centralstation chartmogul chatfuel checkly checkout checkr
    cicero circleci cisco clarifai clearbit clickatell clickhelp clickhouse clicksend clickup
    cliengo clinchpad clockify clockwork close cloudant cloudconvert cloudelements cloudflare
    cloudimage cloudinary cloudmersive cloudsight cloudsmith cloudways codacy codeclimate codecov
    codemagic codequiry cohere coinapi coinbase coinlayer coinlib coinmarketcap collect2 column
    commercejs commodities conda confluent contentful contentstack convertapi convertkit conversion
    copper copyscape coralogix couchbase countrylayer courier coveralls craftmyapp crowdin cryptocompare
    currencycloud currencyfreaks currencylayer customerguru customerio dailyco dandelion databox
    databricks datadog datafire datagov dataset deepai deepgram deepl deepseek delighted demio
    deputy detectify detectlanguage dfuse diffbot diggernaut digitalocean discogs discord discourse
    disqus ditto dnscheck docker dockerhub docparser docusign documo doppler dotdigital dotmailer
    dovico dreamhost dribbble drift drip drone dropbox duffel dwolla dynalist dynatrace dyspatch
    eagleeyenetworks easyinsight easypost ecostruxure edamam edenai eightxeight elastic elevenlabs
    enablex endorlabs enigma envoy equinix etherscan ethplorer etsy etsyapikey eventbrite everhour
    exchangerate exportsdk extractorapi facebook faceplusplus fastforex fastly feedly fetchrss fibery
    figma fileio finage financialmodelingprep findl finicity finnhub fixerio flatio fleetbase flexport
    flickr flightapi flightlabs flightstats float flowflu flowroot fluxguard flyio fmfw formbucket
    formcraft formio formsite foursquare frameio freshbooks freshdesk freshworks front fulcrum
    fullstory fusebill fxmarket gainsight geckoboard gemini gengo genius geoapify geocode geocodify
    geocodio geoipifi getgeoapi getgist getresponse getsandbox ghost giphy gitea github gitlab gitter
    glassnode gocanvas gocardless godaddy gong goodday google grafana graphcms graphhopper groovehq
    groq gtmetrix guardianapi gumroad gyazo happi happyscribe harness harvest helpcrunch helpscout
    hereapi heroku hetzner hive hiveage holidayapi honeycomb host html2pdf hubspot huggingface humanity
    hunter hybiscus hypertrack ibm iconfinder iexapis iexcloud imagekit imagga impala infobip infracost
    infura insightly instabot instagram instamojo intercom interseller intrinio invoiceocean ip2location
    ipapi ipdata ipgeolocation ipify ipinfo ipinfodb ipquality ipstack jenkins jfrog jina jira jotform
    jumpcloud jumpseller juro kakao kaleyra kanban karma kayako keen keycdn keygen kickbox kinsta kite
    klaviyo klipfolio knapsack kontent kraken kubeconfig kucoin kylas langchain languagelayer
    lastfm launchdarkly leadfeeder lemlist lemonsqueezy lendflow lessannoying lexigram linear
    linemessaging linenotify linkedin linkpreview linode liveagent livestorm loadmill lob localytics
    logdna loggly loginradius logz lokalise looker loyverse lunchmoney luno m3o madkudu magento
    magicbell magnetic mailboxlayer mailchimp mailerlite mailgun mailjet mailmodo mailsac mandrill
    manifest mapbox mapquest marketo marketstack mattermost mavenlink maxmind mediastack meistertask
    mercadopago meraki mesibo messagebird metaapi metabase metrilo microsoft midise mindmeister miro mistral
    mixmax mixpanel mockaroo moderation monday mongodb monkeylearn moonclerk moosend mrticktock mux
    mymusic nasdaq neon neptune netlify netsuite neutrino newrelic newsapi newscatcher nexmo nftport
    ngrok nicereply nimble nitro noticeable notion nozbe npm nugetapi numverify nutritionix nvidia
    nylas nytimes oanda octopus okta olark omnisend onbuka onedesk onelogin onepagecrm onesignal
    onfleet oopspam openai opencage openuv openvpn openweather openweathermap opsgenie optidash
    optimizely oracle outreach overloop owlbot packagecloud pagarme pagerduty pandadoc pandascore
    paperform paralleldots parseur partnerstack pastebin paydirt paymo paymongo paypal paystack pdflayer
    pdfshift peopledatalabs pepipost percy perplexity persona pexels phantombuster phrase pinata
    pinecone pinterest pipedream pipedrive pivotaltracker pixabay plaid planetscale planview planyo
    plivo podio pollsapi poloniex polygon positionstack postageapi postbacks posthog postman postmark
    powrbot prefect privacy privateai prodpad prospectcrm prospectio protocols proxycrawl pubnub pulumi
    purestake pushbullet pusher pushover qase qualaroo qualtrics qubole questionpro quickbooks quicknode
    rabbitmq ramp rapidapi raven rawg razorpay reachmail readme rebrandly recaptcha rechargepayments recurly
    reddit refiner rentman repairshopr replicate replyio requestfinance restpack rev revamp riot ringcentral
    ritekit roaring rocketreach rollbar ronin route4me rownd rubygems runrunit salesblink salescookie
    salesflare salesforce salesloft salesmate samsara satismeter sauce saucelabs scalingo scalr scaleway
    scrapeowl scraper scraperapi scraperbox scrapestack scrapfly scrapingant scrapingbee screenshotapi
    screenshotlayer scribd securitytrails segment selectpdf semaphore semrush sendbird sendgrid
    sendinblue sendpulse sentiment sentry serpapi serpstack serphouse sentinelone sheety shipday
    shipengine shippo shippobox shodan shopify shortcut shotstack shutterstock sigopt signable signalwire
    signaturit signiant signupgenius simfin similarweb simplesat simplynoted simvoly sinch sirv siteleaf
    skrappio skybiometry slack smartsheet smartystreets smooch smsapi snipcart snowflake snyk solarwinds
    sonarcloud sonarqube sourcegraph sparkpost spectralops splunk splunkobservability spoonacular
    sportradar sportsmonk spotify square squarespace squareup ssllabs statuscake statuspage statuspal
    statsig stitchdata stockdata storecove stormboard stormglass storyblok storychief strava streak
    stripe stripo stytch sugester sumologic supabase supernotes surge survey surveyanyplace surveybot
    surveysparrow survicate swell swiftype tailscale talenthr tallyfy tatum taxjar teamgate teamviewer
    teamwork technicalanalysis tefter telegram teletype telnyx tencent terraform testingbot testrail
    textmagic theoddsapi thinkific thousandeyes ticketmaster ticktick tiingo tineswebhook timezoneapi
    todoist toggl tomorrow tomtom tradier transferwise travelpayouts travis trello tripadvisor trufflehog
    twelvedata twilio twist twitch twitter tyntec typeform typetalk ubidots uclassify unify unplugg
    unsplash upcdatabase uplead uploadcare uptimerobot upwave uri urlscan user userflow userstack vagrant
    vatlayer vbout vercel verifier verimail veriphone versioneye viewneo virustotal visualcrossing
    vimeo voicegain voodoosms vonage vouchery vpnapi vultr vyte walkscore wakatime weatherbit
    weatherstack webex webflow webscraper webscraping webhookrelay whoxy wistia wiz woocommerce
    workable workato workday workos worksnaps workstack worldcoinindex worldweather wrike xai xero yandex
    yelp youneedabudget youtube ynab zapier zendesk zenkit zenrows zenscrape zenserp zeplin zerobounce
    zerotier zillow zipapi zipbooks zipcodeapi zoho zoom zoominfo zonka zulip zuplo
    aws amazon amzn gcp okx kubernetes rubrik wandb deepinfra openrouter mailosaur mapquest lichess
    wolfram wolframalpha bscscan polygonscan arbiscan snowtrace moralis blockfrost blockcypher tronscan
    coingecko messari nansen dune ably snapchat tiktok threads mastodon bluesky kick pipedream n8n
    resend loops customer lob sauce browserless browserbase scrapfly brightdata oxylabs apollo
    rapid7 tenable qualys crowdstrike sophos cyberark delinea thycotic beyondtrust ping forgerock
    fusionauth keycloak kinde clerk descope frontegg stytch propelauth supertokens hanko logto""".split()
)
_TOO_COMMON = frozenset(
    """ably apollo bamboo bing blockchain bored box bubble buddy canny capsule carbon catalyst
    checkout close collect2 column commodities conversion copper courier customer deputy ditto drift
    drip drone elastic enigma envoy float front genius ghost giphy gong harness harvest hive host hunter
    impala intercom karma kayako keen kick kite linear looker loops magnetic manifest mercury metaapi miro
    moderation monday neon neptune nimble nitro notion percy persona phrase ping polygon postbacks
    privacy protocols ramp raven readme rev revamp riot ronin route4me scraper segment sentiment
    shortcut similarweb slack square streak surge survey swell threads ticktick tomorrow twist unify
    uri user verifier wiz dune customer google amazon microsoft github gitlab docker youtube npm azure
    kubernetes aws host n8n prefect cisco oracle ibm""".split()
)
CODE_HOSTS = frozenset(["github", "gitlab", "bitbucket", "gitea", "npm", "docker", "google", "youtube"])
"""Where 40 hex digits are a commit, unless a word says otherwise."""

TELLING_VENDORS = VENDORS - _TOO_COMMON
"""Names that are no everyday words."""
